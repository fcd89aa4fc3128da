import type { Finding } from '../../diagnose/index.ts';
import type { Network } from '../../model/index.ts';
import type { RoundTrip, Trace } from '../../trace/index.ts';
import { changeLabel } from '../fix-sentence.ts';
import { endWordsShort } from '../hop-sentence.ts';
import { printable } from '../lines.ts';
import { realServerName, virtualServerName } from '../virtual-server-words.ts';
import { outcomeWords } from '../outcome-sentence.ts';
import type { LabelRole } from './scene.ts';
import { LIMIT, TYPE } from './look.ts';
import type { Plan } from './plan.ts';
import { wrapText } from './text-width.ts';

/** A note that stands above a host's box. */
export interface Note {
  readonly host: string;
  readonly kind: 'reason' | 'fix' | 'note';
  readonly lines: readonly string[];
}

/** What is written beside the picture's lines. */
export interface Notes {
  readonly cards: readonly Note[];
  /** By way: the words beside a cross on a band. */
  readonly reasons: readonly (readonly string[])[];
}

const lines = (text: string, role: LabelRole): string[] =>
  wrapText(printable(text), LIMIT.note, TYPE[role].size, TYPE[role].bold);

/** Why each way ends, and what the best fix of each finding changes where. */
export function notesOf(network: Network, plan: Plan, trip: RoundTrip | null, findings: readonly Finding[]): Notes {
  const traces = trip ? [trip.forward, trip.return] : [];
  const why = (t: Trace | null | undefined): string[] =>
    t && t.outcome !== 'delivered' ? reasonLines(t, findings) : [];
  const reasons = plan.ways.map((way) => (way.end === 'arrived' ? [] : why(traces[way.kind === 'there' ? 0 : 1])));
  const inside = plan.ways.flatMap((way, w): Note[] =>
    way.end === 'inside' && reasons[w]!.length > 0
      ? [{ host: way.stops.at(-1)!.host, kind: 'reason', lines: reasons[w]! }]
      : [],
  );
  return { cards: [...serverNotes(plan, trip), ...inside, ...fixNotes(network, plan, findings)], reasons };
}

function reasonLines(trace: Trace, findings: readonly Finding[]): string[] {
  const words = outcomeWords(trace.outcome);
  const short = endWordsShort(trace, findings);
  return (short.includes(words) ? [short] : [words, short]).flatMap((t) => lines(t, 'reason'));
}

/** Where a virtual server took the packet, and whom it gave it to. */
function serverNotes({ hosts }: Plan, trip: RoundTrip | null): Note[] {
  return (trip?.forward.hops ?? []).flatMap(({ host, steps }): Note[] => {
    const action = steps.find((s) => s.action.kind === 'balanced')?.action;
    if (action?.kind !== 'balanced' || !hosts.includes(host)) return [];
    const to = action.among > 1 ? `one of ${action.among} real servers` : realServerName(action.server);
    const texts = [virtualServerName(action.service), `to ${to}`];
    return [{ host, kind: 'note', lines: texts.flatMap((t) => lines(t, 'note')) }];
  });
}

function fixNotes(network: Network, plan: Plan, findings: readonly Finding[]): Note[] {
  const changes = findings.flatMap((f) => f.fixes[0]?.changes ?? []);
  const hosts = [...new Set(changes.map((c) => c.host))].filter((h) => plan.hosts.includes(h));
  return hosts.map((host) => {
    const own = changes.filter((c) => c.host === host);
    const texts = [...new Set(own.map((c) => changeLabel(c, network.hosts.get(host)?.system)))];
    return { host, kind: 'fix', lines: texts.flatMap((t) => lines(t, 'fix')) };
  });
}
