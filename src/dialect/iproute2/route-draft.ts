import { defaultPrefix, formatAddress, type Address, type Family, type Prefix } from '../../ip/index.ts';
import { TABLE, type NextHop, type Route, type RouteType } from '../../model/index.ts';
import { isReject } from './names.ts';
import { defaultMetric, hasGateway, typedScope, typedTable } from './route-defaults.ts';
import type { Word, WordReader } from './words.ts';

/** A next hop while its words are read. */
export interface HopDraft {
  via?: Address;
  viaWord?: Word;
  /** `via inet6 …`: the family was named. */
  familyNamed: boolean;
  dev?: string;
  weight: number;
  onlink: boolean;
  dead: boolean;
  linkdown: boolean;
}

/** A route while its words are read. */
export interface RouteDraft {
  readonly mode: 'typed' | 'listed';
  /** What `-4`, `-6` or `pref` said. */
  family?: Family;
  type: RouteType;
  prefix?: Prefix | 'default';
  table?: number;
  metric?: number;
  tos: number;
  scope?: Route['scope'];
  protocol: string;
  source?: Address;
  sourceWord?: Word;
  mtu?: number;
  /** `hops[0]` is the one that stands in the route itself; the others follow `nexthop`. */
  readonly hops: [HopDraft, ...HopDraft[]];
}

/** A next hop of which nothing was read yet. */
export const emptyHop = (): HopDraft => ({
  familyNamed: false,
  weight: 1,
  onlink: false,
  dead: false,
  linkdown: false,
});

/** A route of which nothing was read yet. `typed` and `listed` differ in what left-out words mean. */
export function emptyDraft(mode: 'typed' | 'listed', family: Family | undefined): RouteDraft {
  const draft: RouteDraft = { mode, type: 'unicast', tos: 0, protocol: 'boot', hops: [emptyHop()] };
  return family === undefined ? draft : { ...draft, family };
}

/** The route with everything that was left out filled in, or null when it makes none; why is then noted. */
export function finishRoute(reader: WordReader, draft: RouteDraft): Omit<Route, 'fact'> | null {
  if (draft.prefix === undefined) return null;
  const prefix = draft.prefix === 'default' ? defaultPrefix(familyOf(draft)) : draft.prefix;
  const family = prefix.address.family;
  checkFamilies(reader, draft, family);
  const nexthops = isReject(draft.type) ? rejectHops(reader, draft) : draftHops(reader, draft);
  const gateway = hasGateway({ nexthops });
  const typed = draft.mode === 'typed';
  return {
    prefix,
    type: draft.type,
    table: draft.table ?? (typed ? typedTable(draft.type) : TABLE.main),
    metric: draft.metric ?? defaultMetric(family),
    tos: draft.tos,
    scope: draft.scope ?? (typed ? typedScope(family, draft.type, gateway) : 'global'),
    protocol: draft.protocol,
    ...(draft.source && { source: draft.source }),
    nexthops,
    ...(draft.mtu !== undefined && { mtu: draft.mtu }),
  };
}

function familyOf(draft: RouteDraft): Family {
  const sample = draft.hops.find((hop) => hop.via && !hop.familyNamed)?.via ?? draft.source;
  return draft.family ?? sample?.family ?? 4;
}

function checkFamilies(reader: WordReader, draft: RouteDraft, family: Family): void {
  for (const { via, viaWord, familyNamed } of draft.hops) {
    if (!via || via.family === family || familyNamed) continue;
    const hint = family === 4 ? `write 'via inet6 ${formatAddress(via)}' if that is meant` : 'write an IPv6 address';
    reader.note('value-invalid', `an IPv${family} route with an IPv${via.family} next hop`, viaWord?.span, hint);
  }
  if (draft.source && draft.source.family !== family) {
    reader.note(
      'value-invalid',
      `an IPv${family} route with an IPv${draft.source.family} source address`,
      draft.sourceWord?.span,
    );
  }
  if (draft.family !== undefined && draft.family !== family) {
    reader.note('value-invalid', `an IPv${family} destination in an IPv${draft.family} command`);
  }
}

/** IPv6 listings put `dev lo` behind reject types, which says nothing. */
function rejectHops(reader: WordReader, draft: RouteDraft): readonly NextHop[] {
  const viaWord = draft.hops.find((hop) => hop.via)?.viaWord;
  if (viaWord) reader.note('value-invalid', `'${draft.type}' sends nothing on, so it has no next hop`, viaWord.span);
  return [];
}

function draftHops(reader: WordReader, draft: RouteDraft): readonly NextHop[] {
  const [own, ...others] = draft.hops;
  const hasOwn = own.via !== undefined || own.dev !== undefined;
  if (hasOwn && others.length > 0) {
    reader.note(
      'value-invalid',
      `'via' and 'dev' stand both before and behind 'nexthop'`,
      undefined,
      `put them behind 'nexthop'`,
    );
  }
  const hops = others.length > 0 ? others : [own];
  const bare = hops.some((hop) => hop.via === undefined && hop.dev === undefined);
  if (bare && reader.diagnostics.length === 0) {
    reader.note(
      'key-missing',
      'nothing says where to send the packets',
      undefined,
      `add 'via ADDRESS' or 'dev INTERFACE'`,
    );
  }
  return hops.map(({ via, dev, weight, onlink, dead, linkdown }) => ({
    ...(via && { via }),
    ...(dev !== undefined && { dev }),
    ...{ weight, onlink, dead, linkdown },
  }));
}
