import type { Address, Fact } from '../../ip/index.ts';
import type { HookContext, Tracked } from '../hook-context.ts';
import type { Way } from '../way.ts';
import type { Packet } from '../packet.ts';
import type { Action, Stage } from '../step.ts';

/** What a rule's values are at run time: a number, a word, an address, or several of them. */
export type Datum = number | string | Address | readonly Datum[];

/** One packet at one hook, while the chains are walked. */
export interface Run {
  readonly context: HookContext;
  packet: Packet;
  tracked: Tracked | null;
  /** The way by which the kernel last routed it anew, in output. */
  way: Way | null;
  /** A translation changed the destination. */
  unrouted: boolean;
  /** The rule being worked on. */
  fact: Fact;
  /** Set while chains are walked for an address translation. */
  translating: boolean;
  /** The rule that took the packet away from connection tracking. */
  notrackFact: Fact | null;
}

/** Computes a value of the packet; undefined when the packet has none. */
export type Reader = (run: Run) => Datum | undefined;

/** Whether the packet matches. */
export type Test = (run: Run) => boolean;

/** Records a step. */
export function record(run: Run, stage: Stage, action: Action, because: readonly Fact[]): void {
  run.context.record({ stage, action, because });
}

/** The hook as a stage's name; only the five hooks of IP reach this. */
export function stageOf(run: Run): Stage {
  const { hook } = run.context;
  if (hook === 'ingress' || hook === 'egress') throw new Error(`bug: hook ${hook} is not walked`);
  return hook;
}

/** Decides something that is not known or happens at random, and says so. The first option is "no". */
export function decide(run: Run, what: string, random: boolean, words: readonly [string, string]): boolean {
  const yes = run.context.choices.choose(2, { what, fact: run.fact, random }) === 1;
  record(run, stageOf(run), { kind: 'uncertain', what, taken: words[yes ? 1 : 0] }, [run.fact]);
  return yes;
}
