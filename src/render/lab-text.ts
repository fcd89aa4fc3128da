import { shellLine } from '../dialect/index.ts';
import type { Checked } from '../reach/index.ts';
import type { RoundTrip } from '../trace/index.ts';
import { expectationWords } from './check-text.ts';
import { hanging, printable } from './lines.ts';
import { refusalWords } from './refusal-words.ts';
import { flowName, seesWords } from './sees-sentence.ts';
import { styleFor, type Style, type TextOptions } from './style.ts';

/** What a program saw of one real probe. */
export type Seen =
  | { readonly kind: 'answered'; readonly from: string }
  | { readonly kind: 'timeout' | 'hang' }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly from: string }
  | { readonly kind: 'error'; readonly errno: string }
  | { readonly kind: 'other'; readonly text: string };

/** One question, as the trace answers it and as it went for real. */
export interface LabAsked {
  readonly trip: RoundTrip;
  readonly first: Seen;
  /** The second ping, where the first was not answered. */
  readonly second: Seen | null;
  /** Null where the trace can't say. */
  readonly same: boolean | null;
}

/** One expectation of the network, tried for real. */
export interface LabLine {
  readonly checked: Checked;
  readonly asked: readonly LabAsked[];
}

/** Hosts of a lab with their namespaces, and how to enter and remove it. `network` is what `-n` named. */
export function labUpText(name: string, hosts: ReadonlyMap<string, string>, network: string | undefined): string {
  const width = Math.max(4, ...[...hosts.keys()].map((h) => h.length));
  const of = network === undefined ? [] : ['-n', network];
  return [
    `the lab wm-${name} is up: ${hosts.size} ${hosts.size === 1 ? 'host' : 'hosts'}. To enter one:`,
    '',
    ...[...hosts].map(([host, ns]) => `  ${host.padEnd(width)}  ${shellLine(['ip', 'netns', 'exec', ns, 'bash'])}`),
    '',
    `try its expectations: ${shellLine(['waymark', 'lab', 'test', ...of])}`,
    `remove it:            ${shellLine(['waymark', 'lab', 'down', ...of])}`,
    '',
  ].join('\n');
}

/** What became of every expectation, for real and as the trace says, and how many are the same. */
export function labTestText(lines: readonly LabLine[], options: TextOptions): string {
  const style = styleFor(options.colour);
  const different = lines.filter((l) => markOf(l) === 'DIFF').length;
  const same = lines.length - different - lines.filter((l) => markOf(l) === '?').length;
  const summary = `${same} of ${lines.length} expectations went as the trace says`;
  return [...lines.flatMap((l) => lineText(l, options.width, style)), summary, ''].join('\n');
}

/** `DIFF`: the kernel does otherwise than the trace says; `FAIL`: both say that the expectation does not hold. */
function markOf({ checked, asked }: LabLine): 'ok' | 'FAIL' | 'DIFF' | '?' {
  if (asked.some((a) => a.same === false)) return 'DIFF';
  if (checked.holds === null || asked.some((a) => a.same === null)) return '?';
  return checked.holds ? 'ok' : 'FAIL';
}

function lineText(line: LabLine, width: number, style: Style): string[] {
  const mark = markOf(line);
  const paint = { ok: style.green, FAIL: style.red, DIFF: style.red, '?': style.yellow }[mark];
  const head = `${mark.padEnd(4)} `;
  const odd = line.asked.filter((a) => a.same !== true);
  const told = odd.length > 0 ? odd : line.asked.slice(0, 1);
  const words = `${expectationWords(line.checked.expectation)}: ${told.map(askedWords).join('; ') || 'nothing could be asked'}`;
  const [first, ...more] = hanging(head, printable(words), width);
  return [paint(head) + first!.slice(head.length), ...more];
}

function askedWords({ trip, first, second, same }: LabAsked): string {
  const real = seenWords(trip, first) + (second?.kind === 'answered' ? ', and a reply to the second try' : '');
  if (same === true) return `${real}, as the trace says`;
  const who = `${flowName(trip.flow)} from ${trip.from} to ${trip.to}`;
  if (same === null && trip.verdict !== 'unknown')
    return `${who} gets ${real}; the trace says ${seesWords(trip.flow, trip.sees)}, which no lab can show`;
  return same === null
    ? `${who} gets ${real}; the trace can't say`
    : `${who} gets ${real}, but the trace says ${seesWords(trip.flow, trip.sees)}`;
}

function seenWords({ flow }: RoundTrip, seen: Seen): string {
  switch (seen.kind) {
    case 'answered':
      return `a reply from ${seen.from}`;
    case 'timeout':
      return 'a timeout';
    case 'hang':
      return 'a connection that opens and then hangs';
    case 'icmp': {
      const refusal = { host: '', from: flow.source, kind: 'icmp', type: seen.type, code: seen.code } as const;
      return `${refusalWords(flow, refusal)} from ${seen.from}`;
    }
    case 'error':
      return ERRNO[seen.errno] ?? seen.errno;
    case 'other':
      return `'${seen.text}'`;
  }
}

const ERRNO: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EINVAL: 'Invalid argument',
  EMSGSIZE: 'Message too long',
};

/** One expectation as `waymark lab test --json` prints it. */
export interface LabLineJson {
  readonly expectation: string;
  readonly holds: boolean | null;
  readonly asked: readonly {
    readonly from: string;
    readonly to: string;
    readonly trace: string;
    readonly real: string;
    readonly same: boolean | null;
  }[];
}

/** The lines as data for programs. */
export function labTestJson(lines: readonly LabLine[]): {
  readonly lines: readonly LabLineJson[];
  readonly different: number;
} {
  return {
    lines: lines.map(({ checked, asked }) => ({
      expectation: expectationWords(checked.expectation),
      holds: checked.holds,
      asked: asked.map(({ trip, first, same }) => ({
        from: trip.from,
        to: trip.to,
        trace: seesWords(trip.flow, trip.sees),
        real: seenWords(trip, first),
        same,
      })),
    })),
    different: lines.filter((l) => markOf(l) === 'DIFF').length,
  };
}
