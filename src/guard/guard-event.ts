import type { Diagnostic } from '../ip/index.ts';
import type { Decision } from './decide/decision.ts';
import type { Engine } from './enforce/engine.ts';

/** What the engine was asked for. */
export type EngineVerb = Exclude<keyof Engine, 'longestMs'>;

/** Something that happened in a guard: for its log and its counters. */
export type GuardEvent =
  | { readonly kind: 'blocked'; readonly decision: Decision }
  /** Many that came together, as a list. */
  | { readonly kind: 'blocked-many'; readonly decisions: readonly Decision[] }
  | { readonly kind: 'lifted'; readonly decision: Decision; readonly by: string }
  /** Its time was over. */
  | { readonly kind: 'ended'; readonly decision: Decision }
  /** The rules were not as they should be any more, and were put there anew. */
  | { readonly kind: 'repaired'; readonly why: readonly Diagnostic[] }
  /** The kernel was told something; that took so long, and these faults came of it. */
  | {
      readonly kind: 'enforced';
      readonly verb: EngineVerb;
      readonly ms: number;
      readonly faults: readonly Diagnostic[];
    };
