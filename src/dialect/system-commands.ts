import type { Family } from '../ip/index.ts';
import type { Route } from '../model/index.ts';

/** Lines that a person types at one system, in order. Those that begin with `#` say what to do by hand. */
export interface TypedLines {
  readonly apply: readonly string[];
  readonly persist: readonly string[];
  readonly undo: readonly string[];
}

/** A route as the language of a system says it. */
export interface SaidRoute {
  readonly route: Route;
  /** What adds it. */
  readonly add: readonly string[];
  /** What takes it away; none where a language has no words for that. */
  readonly remove: readonly string[];
  /** Its interface, also where the gateway finds it. */
  readonly dev?: string | undefined;
}

/** How one system is told of changes: around the words of its language of routes. */
export interface SystemCommands {
  addRoute(said: SaidRoute): TypedLines;
  removeRoute(said: SaidRoute): TypedLines;
  /** Switches forwarding; null where the system has no switch. */
  forwarding(family: Family, on: boolean): TypedLines | null;
}
