import type { RouteDialect } from '../route-dialect.ts';
import { linesOf, routesOfLines } from '../route-lines.ts';
import { shellLine } from '../shell-words.ts';
import { addWords, readCommand } from './command.ts';
import { BSD_LIMITS } from './limits.ts';
import { isNetstat, parseNetstat } from './netstat.ts';
import { likeBsd } from './recognise.ts';

const OWN = /-ifscope|\b(en|utun|awdl|bridge|llw)\d+\s*$|\ben\d+\s+!?\d*\s*$/m;
const OTHER =
  /setfib|-fib\s|\s-priority\s|-T\s*\d|\bdoas\s|\s(em|igb|ix|vtnet|vmx|re|bge|hn|vio)\d+(\s|$)|Prio\s+Iface/m;

/** `route` of macOS and its `netstat -rn`. Source: network_cmds 741, route.tproj and netstat.tproj. */
export const macosRoutes: RouteDialect = {
  name: 'macos',
  words: ['mac', 'darwin', 'osx'],
  title: 'macOS, route',
  limits: BSD_LIMITS,
  recognise: (text) => likeBsd(text, OWN, OTHER),
  parse: (text, source) =>
    isNetstat(text) ? parseNetstat(text, source) : routesOfLines(linesOf(text, source), readCommand),
  print: (routes) =>
    routes.map((route) => `${shellLine(['sudo', 'route', '-n', 'add', ...addWords(route)])}\n`).join(''),
};
