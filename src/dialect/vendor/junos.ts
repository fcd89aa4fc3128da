import { formatAddress, formatPrefix, parseAddress, parsePrefix, samePrefix, type Diagnostic, type Parsed, type Prefix } from '../../ip/index.ts'; // prettier-ignore
import type { Route, RouteType } from '../../model/index.ts';
import { upTo } from '../iproute2/names.ts';
import type { Word, WordReader } from '../iproute2/words.ts';
import { hasMetric } from '../persist.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { routeOf, type HopParts } from '../route-parts.ts';

/** Junos: `set routing-options static route`. Source: Junos CLI reference, static (Routing Options). */
export const junosRoutes: RouteDialect = {
  name: 'junos',
  words: ['juniper'],
  title: 'Junos',
  limits: {
    families: [4, 6],
    rejects: ['unreachable', 'blackhole'],
    lacks: ['type', 'other-family', 'tos', 'table', 'source', 'mtu', 'onlink', 'scope', 'weight'],
    devices: /^[A-Za-z][\w/.:-]*$/,
    metricIs: 'a preference, of which static routes have 5 when none is said',
  },
  recognise: (text) => (/^\s*(\S+[#>]\s*)?set\s+(routing-options|logical-systems|routing-instances)\s/m.test(text) ? 'yes' : 'no'), // prettier-ignore
  parse: parseJunos,
  print: (routes) => routes.flatMap(commands).map((line) => `${line}\n`).join(''), // prettier-ignore
  advice: () => ["'commit confirmed 5' takes it back unless it is confirmed"],
};

function commands(route: Route): readonly string[] {
  const { prefix, nexthops } = route;
  const rib = prefix.address.family === 6 ? ' rib inet6.0' : '';
  const head = `set routing-options${rib} static route ${formatPrefix(prefix)}`;
  return [
    ...(nexthops.length > 0 ? nexthops.map((hop) => `${head} ${wayOf(hop)}`) : [`${head} ${route.type === 'blackhole' ? 'discard' : 'reject'}`]), // prettier-ignore
    ...(hasMetric(route) ? [`${head} preference ${route.metric}`] : []),
  ];
}

function wayOf({ via, dev }: HopParts): string {
  if (!via) return `next-hop ${dev!}`;
  return dev === undefined ? `next-hop ${formatAddress(via)}` : `qualified-next-hop ${formatAddress(via)} interface ${dev}`; // prettier-ignore
}

interface Draft {
  readonly prefix: Prefix;
  readonly line: Line;
  readonly hops: HopParts[];
  type: RouteType;
  metric?: number;
  damaged: boolean;
}

/** Several lines say one route; a `set` of something else is passed over. */
function parseJunos(text: string, source: string): Parsed<readonly Route[]> {
  const drafts: Draft[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const line of linesOf(text, source)) {
    const reader = readerOf(line);
    if (/[#>]$/.test(reader.peek() ?? '')) reader.next();
    if (!reader.take('set') || !reader.take('routing-options')) noteOther(reader, line);
    else if (takesHead(reader)) readSetting(reader, drafts, line);
    diagnostics.push(...reader.diagnostics);
  }
  const whole = drafts.filter((d) => !d.damaged && (d.hops.length > 0 || d.type !== 'unicast'));
  return { value: whole.map((d) => routeOf(d, factOf(d.line))), diagnostics };
}

function noteOther(reader: WordReader, line: Line): void {
  const named = line.words.find((w) => w.text === 'routing-instances' || w.text === 'delete');
  if (named)
    reader.note('line-not-modelled', `lines with '${named.text}' are not followed`, named.span, undefined, 'warning');
}

function takesHead(reader: WordReader): boolean {
  if (reader.take('rib')) reader.next();
  return reader.take('static') && reader.take('route');
}

function readSetting(reader: WordReader, drafts: Draft[], line: Line): void {
  const word = reader.next();
  const prefix = word && reader.read(word, parsePrefix);
  if (!prefix) return;
  let draft = drafts.find((d) => samePrefix(d.prefix, prefix));
  if (!draft) drafts.push((draft = { prefix, line, hops: [], type: 'unicast', damaged: false }));
  for (let key = reader.next(); key; key = reader.next()) readKey(reader, draft, key);
  if (reader.diagnostics.some((d) => d.severity === 'error')) draft.damaged = true;
}

function readKey(reader: WordReader, draft: Draft, key: Word): void {
  if (key.text === 'reject') draft.type = 'unreachable';
  else if (key.text === 'discard') draft.type = 'blackhole';
  else if (key.text === 'next-hop' || key.text === 'qualified-next-hop') readHops(reader, draft, key);
  else if (key.text === 'preference') {
    const preference = reader.value(key, 'a number', upTo(0xffffffff));
    if (preference !== undefined) draft.metric = preference;
  } else if (['metric', 'tag', 'community'].includes(key.text)) {
    reader.next();
    reader.note('line-limited', `'${key.text}' of a route is not modelled`, key.span, undefined, 'warning');
  } else if (
    ![
      'no-readvertise',
      'readvertise',
      'retain',
      'no-retain',
      'install',
      'no-install',
      'resolve',
      'active',
      'passive',
    ].includes(key.text)
  )
    // prettier-ignore
    reader.note('key-unknown', `'${key.text.slice(0, 60)}' is no word of a static route`, key.span);
}

function readHops(reader: WordReader, draft: Draft, key: Word): void {
  const several = reader.take('[');
  do {
    const word = reader.next();
    if (!word) {
      reader.note('value-invalid', `'${key.text}' needs a gateway or an interface after it`, key.span);
      return;
    }
    const isDevice = /^[g-z]/i.test(word.text) || /^[a-f][\w-]*[/.-]/i.test(word.text) || !/[.:]/.test(word.text);
    const via = isDevice ? undefined : reader.read(word, parseAddress);
    const dev = isDevice ? word.text : reader.take('interface') ? reader.next()?.text : undefined;
    draft.hops.push({ via, dev });
  } while (several && !reader.take(']') && reader.peek() !== undefined);
}
