import type { Fact, Parsed } from '../ip/index.ts';
import type { Interface, Route, Setting, System } from '../model/index.ts';
import type { Likeness } from './route-dialect.ts';

/** What a text of another system than Linux tells of its host. */
export interface SystemFacts {
  readonly system: System;
  readonly interfaces: readonly Interface[];
  /** Of the main table. */
  readonly routes: readonly Route[];
  /**
   * `whole`: the routes are the table as it is, those of the host's own networks with it. `configured`: they are what a
   * configuration adds to those. `none`: the text says nothing of routes.
   */
  readonly table: 'whole' | 'configured' | 'none';
  /** Keys as in `Host.settings`. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** The first line of a packet filter or of address translation, neither of which is followed. */
  readonly filter?: Fact;
}

/** One system's own words about itself: listings of its commands, or its configuration. */
export interface FactsLanguage {
  /** What a person calls such a text: `output of netstat -rn or ifconfig`. */
  readonly title: string;
  /** What to paste for everything that matters: `netstat -rn and ifconfig`. */
  readonly commands: string;
  recognise(text: string): Likeness;
  /** Never throws; what is wrong is noted with its place. */
  parse(text: string, source: string): Parsed<SystemFacts>;
}
