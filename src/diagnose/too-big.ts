import type { Hop, RoundTrip, Step, Trace } from '../trace/index.ts';
import type { Failure } from './failure.ts';

/** Whether the sender was told that its packet is too big: then it sends smaller ones (RFC 1191, RFC 8201). */
export const learnsSize = ({ sees }: RoundTrip): boolean =>
  sees.kind === 'refused' && sees.refusal.kind === 'icmp' && isTooBig(sees.refusal);

/** ICMP 3/4, ICMPv6 2. */
const isTooBig = ({ type, code }: { readonly type: number; readonly code: number }): boolean =>
  (type === 3 && code === 4) || type === 2;

/** Where the message that a packet is too big was lost. */
export interface LostMessage {
  readonly hop: Hop;
  /** The step that ended it. */
  readonly step: Step | null;
  readonly outcome: Trace['outcome'];
}

/** The message about the packet's size that did not come back to the sender; null when it did, or none was sent. */
export function lostMessage({ trace }: Failure): LostMessage | null {
  const { refusal, refusalWay: way } = trace;
  if (trace.outcome !== 'too-big' || !refusal || !isTooBig(refusal) || trace.refusalArrives || !way) return null;
  const hop = way.hops.at(-1)!;
  const step = hop.steps.findLast((s) => s.action.kind !== 'start' && s.action.kind !== 'sent') ?? null;
  return { hop, step, outcome: way.outcome };
}
