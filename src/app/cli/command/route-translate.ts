import { nearestHint, parseAddress, type Diagnostic, type Parsed } from '../../../ip/index.ts';
import {
  readTakingAway,
  recogniseRoutes,
  routeDialectNamed,
  ROUTE_DIALECTS,
  type RouteDialect,
} from '../../../dialect/index.ts';
import type { Route } from '../../../model/index.ts';
import {
  remarks,
  routeGoneInWords,
  routeInWords,
  translateRoutes,
  translateTakingAway,
  translationsText,
  translateJson,
  type Told,
} from '../../../render/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { stopsAt, usageFault } from '../report.ts';

interface Flags {
  readonly from?: string;
  readonly to?: string;
  readonly router?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** A text of routes and what it is called in messages. */
interface Input {
  readonly text: string;
  readonly source: string;
}

/** `waymark route translate TEXT|FILE`: exit 1 when a language that was asked for can't say a route at all. */
export async function routeTranslate(this: Cli, flags: Flags, ...words: string[]): Promise<void> {
  const targets = targetsOf(flags.to);
  if (stopsAt(this, targets.diagnostics)) return;
  const router = flags.router === undefined ? undefined : parseAddress(flags.router);
  if (router && !router.ok && stopsAt(this, [usageFault(router.code, router.message, router.hint)])) return;
  const input = await inputOf(this, words);
  if (stopsAt(this, input.diagnostics) || !input.value) return;
  const understood = understand(flags.from, input.value);
  if (stopsAt(this, understood.diagnostics, flags.verbose ?? false) || !understood.value) return;
  const { readings, isTaking } = understood.value;
  const { dialect: from, routes: all } = readings[0]!;
  const routes = all.filter(isAsked);
  if (stopsAt(this, emptiness(all, routes))) return;
  const others = flags.to === undefined ? targets.value.filter((d) => d !== from) : targets.value;
  const translations = others.map((dialect) =>
    isTaking
      ? translateTakingAway(routes, dialect)
      : translateRoutes(routes, dialect, router?.ok ? router.value : undefined),
  );
  const left = all.length - routes.length;
  note(this, takenFor(understood.value, left));
  tell(this, flags, { from: from.name, takesAway: isTaking, routes: inWords(routes, isTaking), left, translations });
}

const inWords = (routes: readonly Route[], isTaking: boolean): string[] =>
  routes.map((route) => (isTaking ? routeGoneInWords(route) : routeInWords(route)));

/** The routes of a text in the languages that it may be in, likeliest first. */
interface Understood {
  readonly readings: readonly { readonly dialect: RouteDialect; readonly routes: readonly Route[] }[];
  /** They are taken away. */
  readonly isTaking: boolean;
}

function understand(from: string | undefined, input: Input): Parsed<Understood | null> {
  const named = from === undefined ? undefined : routeDialectNamed(from);
  if (from !== undefined && !named) return { value: null, diagnostics: [unknownDialect(from)] };
  const taking = readTakingAway(input.text, input.source, named);
  const adding = taking.length > 0 ? [] : named ? [named] : recogniseRoutes(input.text);
  if (taking.length === 0 && adding.length === 0) return { value: null, diagnostics: [unrecognised(input)] };
  const all = [...taking, ...adding.map((dialect) => ({ dialect, read: dialect.parse(input.text, input.source) }))];
  const readings = all.map(({ dialect, read }) => ({ dialect, routes: read.value }));
  return { value: { readings, isTaking: taking.length > 0 }, diagnostics: all[0]!.read.diagnostics };
}

/** Routes that a person wrote; a system makes those of its own links and addresses by itself. */
const isAsked = (route: Route): boolean =>
  route.protocol !== 'kernel' && route.type !== 'local' && route.type !== 'broadcast';

function targetsOf(to: string | undefined): Parsed<readonly RouteDialect[]> {
  if (to === undefined) return { value: ROUTE_DIALECTS, diagnostics: [] };
  const words = to.split(',').filter((word) => word !== '');
  const value = words.map((word) => routeDialectNamed(word.trim()));
  const unknown = words.filter((_, i) => value[i] === undefined);
  return { value: value.filter((d) => d !== undefined), diagnostics: unknown.map(unknownDialect) };
}

const NAMES = ROUTE_DIALECTS.map((d) => d.name).join(', ');

function unknownDialect(word: string): Diagnostic {
  const hint = nearestHint(word, ROUTE_DIALECTS.flatMap((d) => [d.name, ...d.words])); // prettier-ignore
  return usageFault('name-unknown', `no language for routes is called '${word}'`, hint ?? `there are ${NAMES}`);
}

async function inputOf({ machine }: Cli, words: readonly string[]): Promise<Parsed<Input | null>> {
  const [only = '-', ...more] = words;
  const isFile = more.length === 0 && only !== '-' && (await machine.exists(only));
  if (more.length > 0 || (!isFile && /\s/.test(only)))
    return { value: { text: words.join(' '), source: 'command line' }, diagnostics: [] };
  const read = only === '-' ? await machine.readStdin() : await machine.readFile(only);
  if (!read.ok) return { value: null, diagnostics: [usageFault(read.code, read.message, read.hint)] };
  return { value: { text: read.value, source: only }, diagnostics: [] };
}

function unrecognised({ text, source }: Input): Diagnostic {
  const hint = `write '--from LANGUAGE', one of ${NAMES}`;
  const message = 'this is no route in a language that is known here';
  const line = text.split('\n').find((l) => l.trim() !== '') ?? '';
  const span = { source, line: 1, column: 1, length: Math.max(1, line.length), text: line };
  return { code: 'input-unrecognised', severity: 'error', message, hint, span };
}

function emptiness(read: readonly Route[], routes: readonly Route[]): readonly Diagnostic[] {
  if (routes.length > 0) return [];
  const own = read.length > 0 ? `; the ${read.length} that are there a system makes by itself` : '';
  return [usageFault('input-unrecognised', `there is no route in this${own}`)];
}

/** What the text was taken for, and what is left out of it. */
function takenFor({ readings, isTaking }: Understood, left: number): string {
  const [taken, ...others] = readings;
  const key = (routes: readonly Route[]): string => inWords(routes, isTaking).join('\n');
  const differ = others.filter(({ routes }) => key(routes) !== key(taken!.routes));
  const alike = others.filter((reading) => !differ.includes(reading));
  return [
    `read as ${taken!.dialect.title}${alike.length > 0 ? `; the same in ${titles(alike)}` : ''}`,
    ...(isTaking ? ['it takes away what it names, and so does what follows'] : []),
    ...(differ.length > 0 ? [`it may also be ${titles(differ)}, which reads it otherwise: --from decides`] : []),
    ...(left > 0 ? [`left out: ${left} that a system makes by itself for its own links and addresses`] : []),
  ].join('\n');
}

const titles = (readings: Understood['readings']): string => readings.map(({ dialect }) => dialect.title).join('; ');

function tell(cli: Cli, flags: Flags, told: Told): void {
  const { translations } = told;
  const only = translations.length === 1 ? translations[0] : undefined;
  if (flags.json) say(cli, JSON.stringify(translateJson(told), null, 2));
  else if (only && flags.to !== undefined) {
    say(cli, only.text);
    for (const remark of remarks(only)) note(cli, `! ${remark}`);
  } else say(cli, translationsText(translations));
  if (flags.to !== undefined && translations.some((t) => t.cannot.some((c) => c.whole))) leave(cli, EXIT.no);
}
