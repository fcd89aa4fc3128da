import { failure, success, type Family, type Result } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { KeptChange } from '../kept-routes.ts';
import { persistWithIfupdown } from './print.ts';
import { ifupdownRoutes } from './route-dialect.ts';

/** Words that end the stanza before them (interfaces(5)). */
const HEADS =
  /^\s*(iface|mapping|auto|allow-\S+|source|source-directory|no-auto-down|no-scripts|rename|template)(\s|$)/;

interface Stanza {
  readonly family: Family;
  /** Its first line, and the last that says something; continued lines belong to it. */
  readonly from: number;
  readonly to: number;
}

/** Whether the file has a stanza of the interface. */
export const ifupdownHas = (text: string, dev: string): boolean => stanzasOf(text.split('\n'), dev).length > 0;

/**
 * The text of /etc/network/interfaces, or of a file that it sources, with routes taken out of the interface's stanzas and one
 * put in, below the addresses of its family. No other byte changes. Code `keeper-cannot`. Source: interfaces(5).
 */
export function ifupdownWith(text: string, dev: string, { isGone, wanted }: KeptChange): Result<string> {
  const lines = text.split('\n');
  const gone = new Set<number>();
  for (const stanza of stanzasOf(lines, dev)) {
    for (let i = stanza.from + 1; i <= stanza.to; i++) {
      const whole = lines[i]!.trimEnd();
      const isPiece = whole.endsWith('\\');
      const route = routeOf(isPiece ? `${whole.slice(0, -1)} ${(lines[i + 1] ?? '').trim()}` : whole, dev);
      if (!route || !isGone(route)) continue;
      if (isPiece || /^\s*gateway\s/.test(whole))
        return failure('keeper-cannot', `line ${i + 1} says it, ${isPiece ? 'over two lines' : `as the gateway of ${dev}`}: change it by hand`); // prettier-ignore
      gone.add(i);
    }
  }
  const left = lines.filter((_, i) => !gone.has(i));
  if (!wanted) return success(left.join('\n'));
  const stanzas = stanzasOf(left, dev);
  const stanza = stanzas.findLast((s) => s.family === wanted.prefix.address.family) ?? stanzas.at(-1);
  if (!stanza) return failure('keeper-cannot', `there is no stanza for ${dev}`);
  return success([...left.slice(0, stanza.to + 1), ...own(wanted, left, stanza), ...left.slice(stanza.to + 1)].join('\n')); // prettier-ignore
}

/** The lines of a route, as the stanza's are written. */
function own(route: Route, lines: readonly string[], { from, to }: Stanza): readonly string[] {
  const indent = to > from ? /^[ \t]*/.exec(lines[from + 1]!)![0] : '    ';
  const end = lines[from]!.endsWith('\r') ? '\r' : '';
  const content = persistWithIfupdown(route).content.trimEnd().split('\n');
  return content.map((line) => indent + line.trim() + end);
}

/** The route that a line brings up or takes down. */
function routeOf(line: string, dev: string): Route | undefined {
  const down = /^\s*(?:pre-|post-)?down\s+(.*\b)del(?:ete)?(\s.*)$/.exec(line);
  const text = down ? `up ${down[1]!}add${down[2]!}` : line;
  return ifupdownRoutes.parse(`iface ${dev} inet manual\n${text}`, 'interfaces').value[0];
}

function stanzasOf(lines: readonly string[], dev: string): readonly Stanza[] {
  const found: Stanza[] = [];
  for (const [from, line] of lines.entries()) {
    const [, name, family] = /^\s*iface\s+(\S+)\s+(inet6?)\s/.exec(line) ?? [];
    if (name !== dev) continue;
    let to = from;
    for (let i = from + 1; i < lines.length && !HEADS.test(lines[i]!); i++)
      if (lines[i - 1]!.trimEnd().endsWith('\\') || /^\s*[^\s#]/.test(lines[i]!)) to = i;
    found.push({ family: family === 'inet6' ? 6 : 4, from, to });
  }
  return found;
}
