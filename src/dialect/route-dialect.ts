import type { Family, Parsed } from '../ip/index.ts';
import type { Route, RouteType } from '../model/index.ts';
import type { RouteTrait } from './persist.ts';

/** Route types that send nothing on (ip-route(8)). */
export type RejectType = Extract<RouteType, 'unreachable' | 'prohibit' | 'blackhole' | 'throw'>;

/** What of a route a language can say. */
export interface RouteLimits {
  readonly families: readonly Family[];
  /** The kinds of refusal it has words for; none when it cannot refuse. */
  readonly rejects: readonly RejectType[];
  /** The types of other routes that it has words for; all when absent. */
  readonly types?: readonly RouteType[];
  /** What it has no words for. A trait without which the route would be another makes the route unsayable. */
  readonly lacks: readonly RouteTrait[];
  /** The metrics it takes, lowest and highest; any when absent. */
  readonly metric?: readonly [number, number];
  /** The table numbers it takes, lowest and highest; any when absent. */
  readonly table?: readonly [number, number];
  /** The interface names that it takes; any when absent. */
  readonly devices?: RegExp;
  /** Where it is otherwise for IPv6. */
  readonly of6?: Partial<Pick<RouteLimits, 'rejects' | 'lacks' | 'metric'>>;
  /** The tunnel that all its routes go through, where it has no words for gateways and interfaces. */
  readonly tunnel?: string;
  /** What its metric is, where it is no metric as Linux has it. */
  readonly metricIs?: string;
}

/** How much a text looks like a language: `yes` when it can be hardly anything else. */
export type Likeness = 'no' | 'maybe' | 'yes';

/** One language that routes are written in. */
export interface RouteDialect {
  /** As `--to` takes it: `iproute2`. */
  readonly name: string;
  /** Other names for it: `linux`. */
  readonly words: readonly string[];
  /** What a person calls it: `Linux, ip route`. */
  readonly title: string;
  readonly limits: RouteLimits;
  /** It takes the place of the default route, which has to be in it therefore (RFC 3442). */
  readonly needsDefault?: true;
  recognise(text: string): Likeness;
  /** All routes of a text, commands or a listing. Never throws; what is wrong is noted with its place. */
  parse(text: string, source: string): Parsed<readonly Route[]>;
  /** Text that adds the routes, ended by a line feed; they are within the limits (`withinLimits`). */
  print(routes: readonly Route[]): string;
  /** What a person should know who takes this text, as sentences; none for most. */
  advice?(routes: readonly Route[]): readonly string[];
}
