import { parseAddress, parsePrefix, type Diagnostic } from '../ip/index.ts';
import { decisionFromJson, decisionJson, type DecisionJson } from './decide/decision-json.ts';
import type { Decision } from './decide/decision.ts';
import type { Guard, GuardStatus } from './guard.ts';

/** What a command asks the guard that runs. Prefixes and addresses as text. */
export type GuardRequest =
  | { readonly do: 'block'; readonly decision: DecisionJson }
  /** All of them, or none. */
  | { readonly do: 'block-all'; readonly decisions: readonly DecisionJson[] }
  | { readonly do: 'lift'; readonly prefix: string; readonly by: string }
  /** The decisions that hold an address. */
  | { readonly do: 'at'; readonly address: string }
  /** The decisions with a reference. */
  | { readonly do: 'with-reference'; readonly reference: string }
  /** All, in the order in which they were made: answered in parts, a line each. */
  | { readonly do: 'list' }
  /** How the guard is; no decisions. */
  | { readonly do: 'status' }
  /** What is counted, for Prometheus; no decisions. */
  | { readonly do: 'metrics' };

/** What the guard answers. */
export interface GuardReply {
  readonly decisions: readonly DecisionJson[];
  readonly status?: GuardStatus;
  readonly metrics?: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Another line of the same answer follows. */
  readonly more?: boolean;
}

/** So many decisions are in one line of a list: a few hundred kilobytes, whatever their texts. */
const IN_A_PART = 500;

/**
 * Does what a line of the socket asks, and gives the line to answer, or the lines of a list, each made when it is wanted. Nothing that
 * comes in makes it throw. Who `may` only look gets no more.
 */
export async function answerLine(
  guard: Guard,
  line: string,
  may: 'all' | 'look' = 'all',
): Promise<string | Iterable<string>> {
  const request = requestOf(line);
  const isAllowed = may === 'all' || request?.do === 'at' || request?.do === 'metrics';
  if (!request || !isAllowed) return replyLine(NOT_UNDERSTOOD);
  return request.do === 'list' ? listLines(guard.all()) : replyLine(await answer(guard, request));
}

const replyLine = (outcome: Outcome): string =>
  JSON.stringify({ ...outcome, decisions: outcome.decisions.map(decisionJson) } satisfies GuardReply);

/** The answer to `list`, line by line: never more than a part of it is there at once. */
export function* listLines(all: Iterable<Decision>): Generator<string> {
  let part: Decision[] = [];
  for (const decision of all) {
    if (part.length === IN_A_PART) {
      yield replyLine({ decisions: part, diagnostics: [], more: true });
      part = [];
    }
    part.push(decision);
  }
  yield replyLine({ decisions: part, diagnostics: [] });
}

type Asked =
  | { readonly do: 'block'; readonly decision: Decision }
  | { readonly do: 'block-all'; readonly decisions: readonly Decision[] }
  | { readonly do: 'lift'; readonly prefix: Decision['prefix']; readonly by: string }
  | { readonly do: 'at'; readonly address: Decision['prefix']['address'] }
  | { readonly do: 'with-reference'; readonly reference: string }
  | { readonly do: 'list' }
  | { readonly do: 'status' | 'metrics' };

interface Outcome extends Pick<GuardReply, 'more'> {
  readonly decisions: readonly Decision[];
  readonly status?: GuardStatus;
  readonly metrics?: string;
  readonly diagnostics: readonly Diagnostic[];
}

const NOT_UNDERSTOOD: Outcome = {
  decisions: [],
  diagnostics: [{ code: 'usage', severity: 'error', message: 'the guard does not understand what it was asked' }],
};

function answer(guard: Guard, request: Exclude<Asked, { do: 'list' }>): Promise<Outcome> {
  switch (request.do) {
    case 'block':
      return guard.block(request.decision);
    case 'block-all':
      return guard.blockAll(request.decisions);
    case 'lift':
      return guard.lift(request.prefix, request.by);
    case 'at':
      return Promise.resolve({ decisions: guard.at(request.address), diagnostics: [] });
    case 'with-reference':
      return Promise.resolve({ decisions: guard.withReference(request.reference), diagnostics: [] });
    case 'status':
      return statusOf(guard);
    case 'metrics':
      return Promise.resolve({ decisions: [], metrics: guard.metrics(), diagnostics: [] });
  }
}

async function statusOf(guard: Guard): Promise<Outcome> {
  const { status, diagnostics } = await guard.status();
  return { decisions: [], status, diagnostics };
}

function requestOf(line: string): Asked | null {
  let json: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== 'object' || parsed === null) return null;
    json = parsed as Record<string, unknown>;
  } catch {
    return null;
  }
  if (json['do'] === 'list' || json['do'] === 'status' || json['do'] === 'metrics') return { do: json['do'] };
  if (json['do'] === 'block') {
    const decision = decisionFromJson(json['decision']);
    return decision && { do: 'block', decision };
  }
  if (json['do'] === 'block-all') {
    const all = Array.isArray(json['decisions']) ? json['decisions'].map(decisionFromJson) : [null];
    return all.includes(null) ? null : { do: 'block-all', decisions: all.filter((d) => d !== null) };
  }
  if (json['do'] === 'lift') {
    const prefix = parsePrefix(String(json['prefix']));
    return prefix.ok && typeof json['by'] === 'string' ? { do: 'lift', prefix: prefix.value, by: json['by'] } : null;
  }
  if (json['do'] === 'with-reference')
    return typeof json['reference'] === 'string' ? { do: 'with-reference', reference: json['reference'] } : null;
  const address = json['do'] === 'at' ? parseAddress(String(json['address'])) : null;
  return address?.ok ? { do: 'at', address: address.value } : null;
}

/** The line that asks this. */
export const requestLine = (request: GuardRequest): string => JSON.stringify(request);

/** What the guard answered, as decisions; null when the line is none of its answers. */
export function readReply(line: string): Outcome | null {
  try {
    const { decisions, ...others } = JSON.parse(line) as GuardReply;
    const read = decisions.map(decisionFromJson);
    return read.some((d) => d === null) ? null : { ...others, decisions: read.filter((d) => d !== null) };
  } catch {
    return null;
  }
}
