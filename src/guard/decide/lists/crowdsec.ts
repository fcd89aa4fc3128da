import { parseGoDuration } from './go-duration.ts';
import type { ListCollector, Piece } from './list-collector.ts';
import type { ListRemark } from './list-entry.ts';
import { readLiteralInto } from './read-literal-into.ts';

interface Field {
  readonly text: string;
  readonly at: number;
}

/** A map that is being read, or a list when it has no fields. */
interface Frame {
  readonly fields: Map<string, Field> | null;
  /** Whether it stands below the key `deleted` of a stream of changes. */
  readonly isDeleted: boolean;
  key: string;
}

/** The fields of a decision (crowdsec pkg/models/decision.go) that matter here. */
const FIELDS: ReadonlySet<string> = new Set(['value', 'scope', 'duration', 'until', 'scenario', 'simulated']);

/**
 * Reads what `cscli decisions list -o json` prints, and what CrowdSec's local API answers to `/v1/decisions` and
 * `/v1/decisions/stream`: every map with a `value` and a `duration` is a decision, wherever it stands.
 */
export function readCrowdsec(text: string, into: ListCollector): void {
  const frames: Frame[] = [];
  readLiteralInto(text, into, {
    open(isMap) {
      const above = frames.at(-1);
      const isDeleted = above !== undefined && (above.isDeleted || above.key === 'deleted');
      frames.push({ fields: isMap ? new Map() : null, isDeleted, key: '' });
    },
    close() {
      const frame = frames.pop();
      if (frame?.fields != null && !frame.isDeleted) takeDecision(frame.fields, into);
    },
    key(name) {
      frames.at(-1)!.key = name;
    },
    value(word, at) {
      const frame = frames.at(-1);
      if (frame?.fields != null && FIELDS.has(frame.key)) frame.fields.set(frame.key, { text: word, at });
    },
  });
}

function takeDecision(fields: ReadonlyMap<string, Field>, into: ListCollector): void {
  const value = fields.get('value');
  const duration = fields.get('duration');
  if (value === undefined || duration === undefined) return;
  const piece: Piece = { at: value.at, length: value.text.length };
  const scope = fields.get('scope')?.text ?? 'Ip';
  if (!/^(ip|range)$/i.test(scope)) {
    into.leaveOut(`the scope is ${scope.slice(0, 40)}, not Ip or Range`, piece);
    return;
  }
  if (fields.get('simulated')?.text === 'true') {
    into.leaveOut('only simulated', piece);
    return;
  }
  const seconds = parseGoDuration(duration.text);
  if (seconds === null) {
    const message = `'${duration.text.slice(0, 40)}' is no time as CrowdSec writes it`;
    const fault = { code: 'duration-invalid', severity: 'error', message, hint: 'such as 3h59m49s' } as const;
    into.fault(fault, { at: duration.at, length: duration.text.length });
  } else if (seconds <= 0) {
    into.leaveOut('ended already', piece);
  } else {
    into.add(value.text, value.at, remarkOf(fields, seconds));
  }
}

function remarkOf(fields: ReadonlyMap<string, Field>, seconds: number): ListRemark {
  const scenario = fields.get('scenario')?.text;
  const until = Date.parse(fields.get('until')?.text ?? '');
  const end = until > 0 ? { until } : { seconds };
  return scenario === undefined ? end : { reason: scenario, ...end };
}
