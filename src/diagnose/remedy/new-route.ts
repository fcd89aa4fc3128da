import { defaultPrefix, formatAddress, formatPrefix, type Family, type Prefix } from '../../ip/index.ts';
import { proposed, TABLE, type Route } from '../../model/index.ts';
import type { NextStep } from '../right-way.ts';

/** The route as it would be typed, in the main table unless another is named. */
export function newRoute(
  prefix: Prefix,
  { dev, via }: Pick<NextStep, 'dev' | 'via'>,
  table: number = TABLE.main,
): Route {
  const inTable = table === TABLE.main ? '' : ` table ${table}`;
  const text = `${formatPrefix(prefix)}${via ? ` via ${formatAddress(via)}` : ''} dev ${dev}${inTable}`;
  return {
    prefix,
    type: 'unicast',
    table,
    metric: prefix.address.family === 6 ? 1024 : 0,
    tos: 0,
    scope: via ? 'global' : 'link',
    protocol: 'boot',
    nexthops: [{ ...(via ? { via } : {}), dev, weight: 1, onlink: false, dead: false, linkdown: false }],
    fact: proposed(text),
  };
}

/** Takes in everything of a family as if it were for the machine itself: `local default dev lo table 200`. */
export function takesAll(family: Family, table: number): Route {
  const prefix = defaultPrefix(family);
  const route = newRoute(prefix, { dev: 'lo', via: null }, table);
  return { ...route, type: 'local', scope: 'host', fact: proposed(`local default dev lo table ${table}`) };
}
