import { formatAddress, type Fact } from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import { Choices } from './choice.ts';
import { converse } from './conversation.ts';
import type { LearntRedirect } from './learnt-redirect.ts';
import { outerPackets } from './outer-packets.ts';
import type { Question } from './question.ts';
import type { Conversation, RoundTrip, Verdict } from './round-trip-types.ts';
import type { Trace } from './step.ts';
import { carryWireGuard } from './wireguard-carry.ts';
import { newWorld } from './world.ts';

/** No more branches than this are walked, those that turn off early first. */
const MAX_BRANCHES = 64;

interface Branch {
  readonly conversation: Conversation;
  readonly learnt: readonly LearntRedirect[];
  readonly uncertain: readonly Fact[];
}

/**
 * The way there and the way back of what is asked, in every branch that multipath and unmodelled lines open. When the
 * branches end differently, the worst comes first and the rest stand in `otherwise`; the verdict is `unknown` when
 * the difference rests on a line that is not modelled. Throws when `question.from` names no host: resolve it first.
 */
export function roundTrip(network: Network, question: Question): RoundTrip {
  const { branches, unwalked } = branchesOf(network, question);
  const byVerdict = branches.filter((b, i) => branches.findIndex((o) => isAlike(o, b)) === i);
  const [worst, ...others] = byVerdict.sort((a, b) => badness(b) - badness(a)) as [Branch, ...Branch[]];
  const verdicts = new Set(byVerdict.map((b) => b.conversation.verdict));
  const uncertain = verdicts.size > 1 ? unique(branches.flatMap((b) => b.uncertain)) : [];
  const main = tripOf(network, question, worst);
  return {
    ...main,
    ...(uncertain.length > 0 ? { verdict: 'unknown' as const } : {}),
    otherwise: others.map((b) => tripOf(network, question, b)),
    unwalked,
    uncertain,
  };
}

function branchesOf(network: Network, question: Question): { branches: Branch[]; unwalked: boolean } {
  const branches: Branch[] = [];
  const scripts: (readonly number[])[] = [[]];
  while (scripts.length > 0 && branches.length < MAX_BRANCHES) {
    const choices = new Choices(scripts.shift());
    const redirects = question.redirects ?? [];
    const world = newWorld({ network, choices, redirects, outer: outerPackets, carry: carryWireGuard, carrying: [] });
    const conversation = converse(world, question);
    const uncertain = choices.met.filter((p) => !p.random).map((p) => p.fact);
    branches.push({ conversation, learnt: world.learnt, uncertain });
    scripts.push(...choices.others());
    scripts.sort((x, y) => x.length - y.length);
  }
  return { branches, unwalked: scripts.length > 0 };
}

const BADNESS: Readonly<Record<Verdict, number>> = { answered: 0, unknown: 1, refused: 2, 'no-answer': 3 };

const badness = (branch: Branch): number => BADNESS[branch.conversation.verdict];

/** Two branches that a person would tell the same story about. */
const isAlike = (a: Branch, b: Branch): boolean => storyOf(a.conversation) === storyOf(b.conversation);

function storyOf({ verdict, sees, ...c }: Conversation): string {
  const ways = [c.forward, c.return, c.third, c.fourth].map((t) => (t ? wayOf(t) : ''));
  return [verdict, sees.kind, formatAddress(c.flow.source), ...ways].join('|');
}

function wayOf({ outcome, host, hops, refusal, refusalArrives }: Trace): string {
  const names = hops.map((h) => `${h.host}>${h.out}>${h.via ? formatAddress(h.via) : ''}`);
  const answer = refusal ? `${formatAddress(refusal.from)} ${refusal.type}/${refusal.code} ${refusalArrives}` : '';
  return [outcome, host, formatAddress(hops[0]!.after.source), answer, ...names].join();
}

function unique(facts: readonly Fact[]): readonly Fact[] {
  return [...new Map(facts.map((f) => [`${f.source}:${f.line}:${f.text}`, f])).values()];
}

function tripOf(network: Network, question: Question, branch: Branch): RoundTrip {
  const { conversation, learnt } = branch;
  const trip: RoundTrip = {
    ...conversation,
    from: question.from,
    learnt,
    secondTry: null,
    otherwise: [],
    unwalked: false,
    uncertain: [],
  };
  // a SYN-ACK that is sent again does not heed a redirect, a new ping does
  const mayHeal =
    question.protocol !== 'tcp' && conversation.verdict === 'no-answer' && learnt.length > 0 && !question.redirects;
  if (!mayHeal) return trip;
  const second = roundTrip(network, { ...question, redirects: learnt });
  return second.verdict === 'answered' ? { ...trip, secondTry: second } : trip;
}
