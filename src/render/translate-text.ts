import {
  hasStandIn,
  printTakingAway,
  routeAddCommand,
  routeOf,
  shellLine,
  withinLimits,
  withStandIn,
  type RouteDialect,
} from '../dialect/index.ts';
import { assumption, defaultPrefix, formatPrefix, type Address } from '../ip/index.ts';
import type { Route } from '../model/index.ts';

/** Routes as one language says them. */
export interface TranslatedRoutes {
  readonly name: string;
  readonly title: string;
  /** What to type or write; empty when it can say none of the routes. */
  readonly text: string;
  /** The routes of which something is not in it, with what that is; `whole` when the route is not in it at all. */
  readonly cannot: readonly { readonly route: string; readonly what: readonly string[]; readonly whole: boolean }[];
  readonly advice: readonly string[];
}

/** The routes in another language, and what of them it cannot say. `router` is the default gateway, for languages that need it. */
export function translateRoutes(asked: readonly Route[], dialect: RouteDialect, router?: Address): TranslatedRoutes {
  const routes = dialect.needsDefault && router ? withDefault(asked, router) : asked;
  const within = routes.map((route) => ({ asked: route, ...withinLimits(route, dialect.limits) }));
  const said = within.flatMap(({ route }) => (route ? [route] : []));
  const cannot = within
    .filter((w) => w.cannot.length > 0)
    .map((w) => ({ route: nameOf(w.asked), what: w.cannot, whole: w.route === null }));
  return {
    name: dialect.name,
    title: dialect.title,
    text: said.length > 0 ? dialect.print(said) : '',
    cannot,
    advice: said.length > 0 ? [...metricAdvice(said, dialect), ...(dialect.advice?.(said) ?? [])] : [],
  };
}

/** How the routes are taken away in another language; in one that says what is there, what has to go from it. */
export function translateTakingAway(asked: readonly Route[], dialect: RouteDialect): TranslatedRoutes {
  const within = asked.map((route) => ({ asked: route, ...withinLimits(withStandIn(route), dialect.limits) }));
  const said = within.flatMap(({ route }) => (route ? [route] : []));
  const commands = said.length === 0 ? { text: '', advice: [] } : printTakingAway(dialect, said);
  const isNamed = !said.some(hasStandIn);
  const files = isNamed ? 'a deletion: it says what is there' : 'a deletion that does not name the next hop';
  return {
    name: dialect.name,
    title: dialect.title,
    text: commands?.text ?? '',
    cannot: within
      .filter((w) => !commands || w.cannot.length > 0)
      .map((w) => ({
        route: nameOf(w.asked),
        what: !commands && w.route ? [files] : w.cannot,
        whole: !commands || w.route === null,
      })),
    advice: commands?.advice ?? (isNamed ? linesToGo(dialect.print(said)) : []),
  };
}

const linesToGo = (text: string): readonly string[] => [
  'take out what says it:',
  ...text.trimEnd().split('\n').map((line) => `  ${line}`), // prettier-ignore
];

/** The routes with a default route behind them, unless there is one. */
function withDefault(routes: readonly Route[], router: Address): readonly Route[] {
  if (routes.some((r) => r.prefix.length === 0 && r.prefix.address.family === 4)) return routes;
  return [...routes, routeOf({ prefix: defaultPrefix(4), hops: [{ via: router }] }, assumption('the default gateway'))];
}

/** A route in a few words, for sentences about it. */
const nameOf = (route: Route): string =>
  route.nexthops.length === 0 ? `${route.type} ${formatPrefix(route.prefix)}` : formatPrefix(route.prefix);

function metricAdvice(routes: readonly Route[], { limits }: RouteDialect): readonly string[] {
  const has = routes.some((r) => r.metric !== (r.prefix.address.family === 4 ? 0 : 1024));
  return limits.metricIs !== undefined && has ? [`the metric is ${limits.metricIs} here`] : [];
}

/** All translations below each other: a heading each, the lines to paste, what is not said. */
export const translationsText = (translations: readonly TranslatedRoutes[]): string =>
  translations.map((t) => [`${t.title} (${t.name})`, ...body(t).map((line) => `  ${line}`), ''].join('\n')).join('\n');

const body = (t: TranslatedRoutes): readonly string[] => [...t.text.split('\n').slice(0, -1), ...remarks(t).map((r) => `! ${r}`)]; // prettier-ignore

/** What a person has to know of a translation: what it cannot say, and what to look out for. */
export const remarks = ({ cannot, advice }: TranslatedRoutes): readonly string[] => [
  ...cannot.map(
    ({ route, what, whole }) => `cannot say ${whole ? '' : 'of '}${route}${whole ? ' at all' : ''}: ${what.join(', ')}`,
  ),
  ...advice,
];

/** A route as `ip route add` would make it, for those who are to see what was understood. */
export const routeInWords = (route: Route): string => shellLine(routeAddCommand(route));

/** The same as `ip route del` would take it away. */
export const routeGoneInWords = (route: Route): string => routeInWords(route).replace(' add ', ' del ');
