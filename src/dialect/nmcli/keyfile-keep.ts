import { failure, success, type Result } from '../../ip/index.ts';
import type { KeptChange } from '../kept-routes.ts';
import { keyfileRoutes, valueOf } from './keyfile.ts';
import { attributes } from './print.ts';

const ROUTE = /^\s*routes?(\d*)(_options)?\s*=/;

/**
 * The text of a NetworkManager keyfile with routes taken out, and one put behind the others of its family. No other byte
 * changes. Code `keeper-cannot`. Source: nm-settings-keyfile(5).
 */
export function keyfileWith(text: string, { isGone, wanted }: KeptChange): Result<string> {
  const lines = text.split('\n');
  const gone = new Set<number>();
  for (const family of ['ipv4', 'ipv6']) {
    const { from, to } = sectionOf(lines, family);
    for (let i = from + 1; i <= to; i++) {
      const [, number, options] = ROUTE.exec(lines[i]!) ?? [];
      if (number === undefined || options !== undefined) continue;
      const twin = lines.findIndex(
        (l, k) => k > from && k <= to && ROUTE.exec(l)?.[2] && ROUTE.exec(l)?.[1] === number,
      );
      const said = [`[${family}]`, lines[i]!, ...(twin < 0 ? [] : [lines[twin]!])].join('\n');
      const route = keyfileRoutes.parse(said, 'keyfile').value[0];
      if (!route || !isGone(route)) continue;
      gone.add(i);
      if (twin >= 0) gone.add(twin);
    }
  }
  const left = lines.filter((_, i) => !gone.has(i));
  return wanted ? added(left, wanted) : success(left.join('\n'));
}

function added(lines: readonly string[], route: NonNullable<KeptChange['wanted']>): Result<string> {
  const family = `ipv${route.prefix.address.family}`;
  const { from, to, last } = sectionOf(lines, family);
  if (from < 0) return failure('keeper-cannot', `the connection has no section [${family}]`);
  const numbers = lines.slice(from, to + 1).map((l) => Number(ROUTE.exec(l)?.[1] ?? 0));
  const name = `route${Math.max(0, ...numbers) + 1}`;
  const options = attributes(route).join(',');
  const end = lines[from]!.endsWith('\r') ? '\r' : '';
  const own = [`${name}=${valueOf(route)}${end}`, ...(options === '' ? [] : [`${name}_options=${options}${end}`])];
  return success([...lines.slice(0, last + 1), ...own, ...lines.slice(last + 1)].join('\n'));
}

/** The lines of a section: its head, its end, and the last route, or the last line that says something. */
function sectionOf(
  lines: readonly string[],
  name: string,
): { readonly from: number; readonly to: number; readonly last: number } {
  const from = lines.findIndex((l) => l.trim() === `[${name}]`);
  const next = from < 0 ? -1 : lines.findIndex((l, i) => i > from && /^\s*\[/.test(l));
  const to = from < 0 ? -1 : (next < 0 ? lines.length : next) - 1;
  const within = (test: RegExp): number => lines.findLastIndex((l, i) => i > from && i <= to && test.test(l));
  const route = within(ROUTE);
  return { from, to, last: Math.max(from, route >= 0 ? route : within(/^\s*[^\s#]/)) };
}
