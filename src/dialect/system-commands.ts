import type { Family } from '../ip/index.ts';
import type { Route } from '../model/index.ts';

/** Lines that a person types at one system, in order. Those that begin with `#` say what to do by hand. */
export interface TypedLines {
  readonly apply: readonly string[];
  readonly persist: readonly string[];
  readonly undo: readonly string[];
}

/**
 * How one system is told of changes. Routes are within the limits of its language (`withinLimits`) and without the interface
 * where the gateway finds it; `dev` is that interface.
 */
export interface SystemCommands {
  addRoute(route: Route, dev?: string): TypedLines;
  removeRoute(route: Route, dev?: string): TypedLines;
  /** Switches forwarding; null where the system has no switch. */
  forwarding(family: Family, on: boolean): TypedLines | null;
}

/** The lines the other way round: what undoes is what is done. */
export const reversed = ({ apply, persist, undo }: TypedLines, keep: readonly string[]): TypedLines => ({
  apply: undo,
  persist: keep,
  undo: [...apply, ...persist],
});
