import { formatAddress, failure, success, type Result } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { routeAddWords } from '../iproute2/index.ts';
import type { KeptChange } from '../kept-routes.ts';
import { netmask } from '../netmask.ts';
import { traitsOf } from '../persist.ts';
import { ifcfgRoutes } from './route-dialect.ts';

const NUMBERED = /^\s*(?:ADDRESS|NETMASK|GATEWAY)(\d+)=/;

/**
 * The text of `route-DEV` or `route6-DEV` with routes taken out and one added, in the form that the file has: lines of
 * `ip route`, or ADDRESS0, NETMASK0, GATEWAY0. No other byte changes. Code `keeper-cannot`. Source: initscripts, sysconfig.txt.
 */
export function ifcfgWith(text: string, { isGone, wanted }: KeptChange): Result<string> {
  const lines = text.split('\n');
  const isNumbered = lines.some((l) => NUMBERED.test(l));
  const left = lines.filter((line) => {
    const number = NUMBERED.exec(line)?.[1];
    const said = number === undefined ? line : lines.filter((l) => NUMBERED.exec(l)?.[1] === number).join('\n');
    const [route] = ifcfgRoutes.parse(said, 'route').value;
    return !route || !isGone(route);
  });
  if (!wanted) return success(left.join('\n'));
  const own = isNumbered ? numbered(left, wanted) : success([routeAddWords(wanted).join(' ')]);
  if (!own.ok) return own;
  // behind the last line, whether it is ended or not
  const isEnded = left.at(-1) === '';
  const head = isEnded ? left.slice(0, -1) : left;
  return success([...head, ...own.value, ...(isEnded ? [''] : [])].join('\n'));
}

function numbered(lines: readonly string[], route: Route): Result<readonly string[]> {
  const via = route.nexthops[0]?.via;
  const more = traitsOf(route).filter((trait) => trait !== 'device' && trait !== 'default');
  if (!via || more.length > 0)
    return failure('keeper-cannot', 'a file of ADDRESS0, NETMASK0, GATEWAY0 has no words for more than a gateway');
  const next = Math.max(-1, ...lines.map((l) => Number(NUMBERED.exec(l)?.[1] ?? -1))) + 1;
  return success([
    `ADDRESS${next}=${formatAddress(route.prefix.address)}`,
    `NETMASK${next}=${netmask(route.prefix)}`,
    `GATEWAY${next}=${formatAddress(via)}`,
  ]);
}
