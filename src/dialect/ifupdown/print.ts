import type { Route } from '../../model/index.ts';
import { routeAddCommand, routeDelCommand } from '../iproute2/index.ts';
import type { PersistedRoute } from '../persist.ts';
import { shellLine } from '../shell-words.ts';

/**
 * Two lines for the interface's own stanza in /etc/network/interfaces, below its addresses. There is no file: a stanza of
 * its own would be worked through before the one that brings the address. `|| true`, since a line that fails marks the
 * interface as failed. Nothing is to be run: the lines count from the next `ifup` on. Source: interfaces(5), tried with
 * `ifup -n` 0.8.41.
 */
export function persistWithIfupdown(route: Route): PersistedRoute {
  const line = (when: string, command: readonly string[]): string => `    ${when} ${shellLine(command)} || true\n`;
  return {
    file: null,
    content: line('up', routeAddCommand(route)) + line('down', routeDelCommand(route)),
    commands: [],
    cannot: [],
  };
}
