import type { Machine } from '../host/index.ts';
import type { Parsed } from '../ip/index.ts';
import type { Route } from '../model/index.ts';

/** A command as arguments. */
export type Argv = readonly string[];

/** How one operating system keeps its routes. */
export interface RouteSystem {
  readonly name: 'linux' | 'macos';
  /** What `Route.protocol` is of Waymark's own routes. */
  readonly protocol: string;
  /** All routes of all tables as the kernel has them now. Codes: `command-failed` and those of the listing's reader. */
  read(machine: Machine): Promise<Parsed<readonly Route[]>>;
  /** What of a route the system has no words for, as phrases. */
  cannotSay(route: Route): readonly string[];
  /** The commands that make one place of the table have the wanted routes instead of those it has; none when it has them. */
  steps(has: readonly Route[], wanted: readonly Route[]): readonly Argv[];
  /** What is another after each start of the machine; empty where that can't be said. */
  boot(machine: Machine): Promise<string>;
}
