import type { RouteDialect } from '../route-dialect.ts';
import { linesOf, routesOfLines } from '../route-lines.ts';
import { shellLine } from '../shell-words.ts';
import { TABLE } from '../../model/index.ts';
import { addWords, readCommand } from './command.ts';
import { BSD_LIMITS } from './limits.ts';
import { isNetstat, parseNetstat } from './netstat.ts';
import { likeBsd } from './recognise.ts';

const OWN = /setfib|-fib\s|\s(em|igb|ix|ixl|vtnet|vmx|re|bge|bce|ovpns|lagg)\d+(\s|$)/m;
const OTHER = /-ifscope|-priority\s|\s-T\s*\d|doas|\ben\d+\s*$|\butun\d|Prio\s+Iface|^\s*!/m;

/** `route` of FreeBSD and its `netstat -rn`; also of pfSense and OPNsense in a shell. Source: FreeBSD route(8). */
export const freebsdRoutes: RouteDialect = {
  name: 'freebsd',
  words: [],
  title: 'FreeBSD, route',
  limits: { ...BSD_LIMITS, lacks: BSD_LIMITS.lacks.filter((trait) => trait !== 'table'), table: [1, 252] },
  recognise: (text) => likeBsd(text, OWN, OTHER),
  parse: (text, source) =>
    isNetstat(text) ? parseNetstat(text, source) : routesOfLines(linesOf(text, source), readCommand),
  print: (routes) =>
    routes
      .map((route) => {
        const fib = route.table === TABLE.main ? [] : ['-fib', String(route.table)];
        return `${shellLine(['route', 'add', ...addWords(route), ...fib])}\n`;
      })
      .join(''),
};
