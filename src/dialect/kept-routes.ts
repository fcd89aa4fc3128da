import type { Route } from '../model/index.ts';

/** What becomes of the routes in a file. */
export interface KeptChange {
  /** Whether the file's route goes. */
  readonly isGone: (route: Route) => boolean;
  /** The route that comes, if one does. */
  readonly wanted: Route | null;
}
