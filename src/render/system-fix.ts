import {
  printTakingAway,
  routeDialectNamed,
  SYSTEM_COMMANDS,
  withinLimits,
  type TypedLines,
} from '../dialect/index.ts';
import { isLinkLocal } from '../ip/index.ts';
import { habitsOf, setting, type Change, type Host, type NextHop, type Route, type System } from '../model/index.ts';
import { changeWords } from './fix-sentence.ts';

type Other = Exclude<System, 'linux'>;

/** A change on a box that does not run Linux, in the language of its system; what that cannot say is said in words. */
export function systemFix(host: Host, system: Other, change: Change): TypedLines {
  if (change.kind === 'add-route') return ofRoute(system, change.route, 'addRoute');
  if (change.kind === 'remove-route') return ofRoute(system, change.route, 'removeRoute');
  const family = change.kind === 'set' ? FORWARDING[change.key] : undefined;
  const on = change.kind === 'set' && Number(change.value) > 0;
  const typed = family && SYSTEM_COMMANDS[system].forwarding(family, on);
  if (typed) return typed;
  return inWords(habitsOf(system).title, change.kind === 'set' ? meaning(host, change) : changeWords(change));
}

const FORWARDING: Readonly<Record<string, 4 | 6 | undefined>> = {
  'ipv4/ip_forward': 4,
  'ipv4/conf/all/forwarding': 4,
  'ipv6/conf/all/forwarding': 6,
};

const inWords = (title: string, words: string): TypedLines => ({
  apply: [`# in the words of Linux, for which ${title} has its own: ${words}`],
  persist: [],
  undo: ['# and back'],
});

const meaning = (host: Host, { key, value }: Extract<Change, { kind: 'set' }>): string =>
  `${key} = ${value} (now ${setting(host, key).value})`;

function ofRoute(system: Other, route: Route, what: 'addRoute' | 'removeRoute'): TypedLines {
  const tried = [system, ...(system === 'windows' ? ['powershell'] : [])].map((name) => {
    const language = routeDialectNamed(name)!;
    return { language, ...withinLimits(plain(route), language.limits) };
  });
  const { language, route: within, cannot } = tried.find((t) => t.route) ?? tried[0]!;
  const lacks = cannot.map((phrase) => `# ${language.title} cannot say: ${phrase}`);
  if (!within) return { apply: lacks, persist: [], undo: [] };
  const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
  const said = {
    route: within,
    add: lines(language.print([within])),
    remove: lines(printTakingAway(language, [within])?.text ?? ''),
    dev: route.nexthops[0]?.dev,
  };
  const typed = SYSTEM_COMMANDS[system][what](said);
  return { ...typed, apply: [...lacks, ...typed.apply] };
}

/** Without the interface where the gateway alone finds it. */
function plain(route: Route): Route {
  const needs = ({ via }: NextHop): boolean => !via || (via.family === 6 && isLinkLocal(via));
  const nexthops = route.nexthops.map((hop) => {
    const { dev, ...rest } = hop;
    return dev === undefined || needs(hop) ? hop : rest;
  });
  return { ...route, nexthops };
}
