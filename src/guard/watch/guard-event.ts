import type { Diagnostic } from '../../ip/index.ts';
import type { Decision, Origin } from '../decide/decision.ts';
import type { Engine } from '../enforce/engine.ts';

/** What the engine was asked for. */
export type EngineVerb = Exclude<keyof Engine, 'longestMs'>;

/** Something that happened in a guard: for its log and its counters. */
export type GuardEvent =
  /** By one order: all of them came together. */
  | { readonly kind: 'blocked'; readonly origin: Origin; readonly decisions: readonly Decision[] }
  | { readonly kind: 'lifted'; readonly decision: Decision; readonly by: string }
  /** Their time was over. */
  | { readonly kind: 'ended'; readonly decisions: readonly Decision[] }
  /** The rules were not as they should be any more, and were put there anew. */
  | { readonly kind: 'repaired'; readonly why: readonly Diagnostic[] }
  /** The kernel was told something; that took so long, and these faults came of it. */
  | {
      readonly kind: 'enforced';
      readonly verb: EngineVerb;
      readonly ms: number;
      readonly faults: readonly Diagnostic[];
    };
