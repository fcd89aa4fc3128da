import { parseAddress, type Address, type Diagnostic, type Family, type Parsed } from '../ip/index.ts';
import type { Route } from '../model/index.ts';
import type { Likeness, RouteDialect } from './route-dialect.ts';
import { ROUTE_DIALECTS } from './route-dialects.ts';

/** How a language of commands takes away what it adds. Languages that say what is there, as files do, have none. */
interface Taking {
  /** A command that takes a route away, as the one that adds it; the same columns where it can be. Null for any other line. */
  readonly adding: (line: string) => string | null;
  /** The commands that take away what these add. */
  readonly taking: (line: string) => string;
  /** What stands before a next hop; undefined where a deletion has to name it. */
  readonly hop?: string;
  readonly advice?: string;
}

/** A verb in place of another, so that what follows keeps its columns. */
const verb = (line: string, pattern: RegExp, word: string): string | null => {
  const found = pattern.exec(line);
  if (!found) return null;
  const [all, before = '', old = ''] = found;
  return before + word.padEnd(old.length) + line.slice(all.length);
};

const BSD_VERB =
  /^(\s*[#$]?\s*(?:(?:sudo|doas|setfib)\s+(?:\d+\s+)?)?(?:\S*\/)?route\s+(?:(?:-[nqvtd46]+|-T\s*\d+)\s+)*)(delete)(?=\s)/;
const bsd: Taking = {
  adding: (line) => verb(line, BSD_VERB, 'add'),
  taking: (line) => line.replace(' add ', ' delete ').replace(/ -mtu \d+/, ''),
  hop: '',
};

/** The whole route, since an empty one stays where only its next hop goes. */
const whole = (word: RegExp): Taking => ({
  adding: (line) => verb(line, /^(\s*(?:\S+[#>]\s*)?)(delete)(?=\s)/, 'set'),
  taking: (line) => line.replace(word, 'delete $1'),
  hop: 'next-hop ',
  advice: 'the route goes with all its next hops',
});
const vyos = whole(/^set (.*? (?:interface-)?route6? \S+).*$/);

const TAKINGS: Readonly<Partial<Record<string, Taking>>> = {
  iproute2: {
    adding: (line) => verb(line, /^(\s*(?:[#$]\s+)?(?:sudo\s+)?(?:\S*\/)?ip(?:\s+-\S+)*\s+r(?:o(?:u(?:te?)?)?)?\s+)(delete|del)(?=\s)/, 'add'), // prettier-ignore
    taking: (line) => line.replace(' add ', ' del '),
    hop: 'via ',
  },
  'net-tools': {
    adding: (line) => verb(line, /^(\s*(?:[#$]\s+)?(?:sudo\s+)?(?:\S*\/)?route\s+(?:-A\s+\S+\s+|--inet6?\s+|-[46]\s+)*)(del)(?=\s)/, 'add'), // prettier-ignore
    taking: (line) => line.replace(' add ', ' del '),
    hop: 'gw ',
  },
  macos: bsd,
  freebsd: bsd,
  openbsd: bsd,
  windows: {
    // without a mask it would take every route to that address
    adding: (line) => (/\smask\s|:|\/\d/i.test(line) ? verb(line, /^(.*?\broute(?:\.exe)?\s+(?:-\S+\s+)*)(delete)(?=\s)/i, 'ADD') : null), // prettier-ignore
    taking: (line) => line.replace(' ADD ', ' DELETE ').replace(/ METRIC \d+/, ''),
    hop: '',
  },
  powershell: {
    adding: (line) => verb(line.replace(/\s+-Confirm:\$false/i, ''), /^(.*?)(Remove-NetRoute)(?=\s)/i, 'New-NetRoute'),
    taking: (line) => `${line.replace('New-', 'Remove-').replace(' -InterfaceAlias "INTERFACE"', '')} -Confirm:$false`,
    hop: '-NextHop ',
  },
  ios: {
    adding: (line) => verb(line, /^(\s*(?:\S+[#>]\s*)?)(no)(?=\s+ip(?:v6)? route\s)/, ''),
    taking: (line) => `no ${line}`,
    hop: '',
  },
  junos: whole(/^set (.*? route \S+).*$/),
  vyos,
  edgeos: vyos,
  routeros: {
    adding: (line) => {
      const [, menu, rest] =
        /^(\s*(?:\S+>\s*)?\/?ip(?:v6)?[ /]route[ /])remove \[\s*find (?:where )?(.*?)\s*\]\s*$/.exec(line) ?? [];
      return menu === undefined ? null : `${menu}add ${rest}`;
    },
    taking: (line) => line.replace(/add (.*)$/, 'remove [find $1]'),
    hop: 'gateway=',
  },
  nmcli: {
    adding: (line) => (/\snmcli\s|^nmcli\s/.test(line) && / reapply /.test(line) ? line : verb(line, /^(.*\snmcli\s.*|nmcli\s.*)(\s-)(?=ipv[46]\.routes\s)/, ' +')), // prettier-ignore
    taking: (line) => line.replace(/ \+(ipv[46]\.routes)/, ' -$1'),
  },
};

/** What stands for a next hop that is not named; no router has it: `this network` (RFC 1122), the discard prefix (RFC 6666). */
const NOBODY: Readonly<Record<Family, string>> = { 4: '0.0.0.1', 6: '100::1' };
const nobody = (family: Family): Address => (parseAddress(NOBODY[family]) as { readonly value: Address }).value;
const UNNAMED = / (?:via |gw |gateway=|-NextHop |next-hop )?(?:0\.0\.0\.1|100::1)(?=\s|\]|$)/;

/** A text that takes routes away, in a language that has words for it. */
export interface TakingText {
  readonly dialect: RouteDialect;
  /** The routes that it takes away; one whose next hop is not named has a hop with neither gateway nor interface. */
  readonly read: Parsed<readonly Route[]>;
}

/**
 * What a text that only takes routes away says, in the languages that it may be in, likeliest first: those that are sure, or
 * if none is, those that could be. None when a line of it does anything else. `only` asks that language alone.
 */
export function readTakingAway(text: string, source: string, only?: RouteDialect): readonly TakingText[] {
  const judged = (only ? [only] : ROUTE_DIALECTS).flatMap((dialect) => {
    const taking = TAKINGS[dialect.name];
    const lines = text.split('\n').map((line) => (line.trim() === '' ? line : (taking?.adding(line) ?? null)));
    if (!taking || lines.every((l) => l?.trim() === '') || lines.includes(null)) return [];
    const adding = lines.filter((l) => l !== null);
    const filled = adding.map((line) => (line.trim() === '' ? line : withHop(line, taking)));
    const likeness = only
      ? 'yes'
      : likest([dialect.recognise(adding.join('\n')), dialect.recognise(filled.join('\n'))]);
    return likeness === 'no' ? [] : [{ likeness, dialect, read: readLines(dialect, taking, adding, text, source) }];
  });
  const sure = judged.filter((j) => j.likeness === 'yes');
  return sure.length > 0 ? sure : judged;
}

const likest = (all: readonly Likeness[]): Likeness =>
  all.includes('yes') ? 'yes' : all.includes('maybe') ? 'maybe' : 'no';

/** The line with somebody as its next hop. */
const withHop = (line: string, { hop = '' }: Taking): string =>
  `${line.replace(/\s+$/, '')} ${hop}${NOBODY[line.includes(':') ? 6 : 4]}`;

/** Where a line names no next hop, one is put in to read it. */
function readLines(
  dialect: RouteDialect,
  taking: Taking,
  adding: readonly string[],
  text: string,
  source: string,
): Parsed<readonly Route[]> {
  const plain = dialect.parse(adding.join('\n'), source);
  const hasAll = plain.value.length >= adding.filter((line) => line.trim() !== '').length;
  if (taking.hop === undefined || hasAll) return withOwnText(plain, text);
  const filled = adding.map((line) =>
    line.trim() === '' || dialect.parse(line, source).value.length > 0 ? line : withHop(line, taking),
  );
  const read = dialect.parse(filled.join('\n'), source);
  if (read.diagnostics.some((d) => d.severity === 'error')) return withOwnText(plain, text);
  return withOwnText({ ...read, value: read.value.map(withoutNobody) }, text);
}

const withoutNobody = (route: Route): Route => ({
  ...route,
  nexthops: route.nexthops.map(({ via, ...hop }) => (via && isNobody(via) ? hop : { ...hop, ...(via && { via }) })),
});

const isNobody = (via: Address): boolean =>
  via.family === 4 ? via.w3 === 1 && via.w0 + via.w1 + via.w2 === 0 : via.w0 === 0x01000000 && via.w3 === 1;

/** Messages show the line as it was written. */
function withOwnText<T>({ value, diagnostics }: Parsed<T>, text: string): Parsed<T> {
  const lines = text.split('\n');
  const own = (d: Diagnostic): Diagnostic =>
    d.span?.text === undefined ? d : { ...d, span: { ...d.span, text: lines[d.span.line - 1] ?? d.span.text } };
  return { value, diagnostics: diagnostics.map(own) };
}

/** The route with somebody as its next hop where a deletion names none, for `withinLimits` and `printTakingAway`. */
export const withStandIn = (route: Route): Route =>
  route.nexthops.some(({ via, dev }) => !via && dev === undefined)
    ? { ...route, nexthops: route.nexthops.map((hop) => ({ ...hop, via: nobody(route.prefix.address.family) })) }
    : route;

/** Commands that take routes away. */
interface TakingCommands {
  readonly text: string;
  readonly advice: readonly string[];
}

/**
 * The commands that take the routes away, ended by a line feed, and what a person should know of them; null in a language that has none, or that has to know the
 * next hop of one that is not named. The routes are within the limits (`withinLimits`), and have their stand-ins.
 */
export function printTakingAway(dialect: RouteDialect, routes: readonly Route[]): TakingCommands | null {
  const taking = TAKINGS[dialect.name];
  if (!taking || (taking.hop === undefined && routes.some(hasStandIn))) return null;
  const lines = dialect.print(routes).split('\n').slice(0, -1);
  const gone = lines.map((line) => taking.taking(line.replace(UNNAMED, '')));
  const text = [...new Set(gone)].map((line) => `${line}\n`).join('');
  return { text, advice: taking.advice === undefined ? [] : [taking.advice] };
}

/** Whether a deletion of this route named no next hop. */
export const hasStandIn = (route: Route): boolean => route.nexthops.some(({ via }) => via && isNobody(via));
