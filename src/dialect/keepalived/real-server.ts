import { formatAddress, type Fact } from '../../ip/index.ts';
import { ignores, type Faults, type Statement } from './faults.ts';
import { CHECKS, OF_REAL_SERVER, PORT_CHECKS } from './keywords.ts';
import { endAt, methodOf, numberIn, type End, type Method } from './values.ts';

/** A real server while its virtual server is read. */
export interface RealServerDraft extends End {
  readonly weight: number | null;
  /** Null: as the virtual server says. */
  readonly method: Method | null;
  readonly fact: Fact;
  readonly at: Statement;
}

const MAX_WEIGHT = 2147483647;

/** A `real_server` or `sorry_server`; null when its address is none, which is noted. */
export function readRealServer(at: Statement, faults: Faults): RealServerDraft | null {
  const end = endAt(at, 1, 0);
  if (!end) {
    const written = at.words.slice(1).map((w) => w.text).join('/'); // prettier-ignore
    faults.note(
      at,
      ignores(`invalid ${at.words[0]!.text} ip address/port ${written.slice(0, 80)} - skipping`),
      at.words[1],
    );
    return null;
  }
  let weight: number | null = null;
  let method: Method | null = null;
  for (const s of at.block ?? []) {
    const name = s.words[0]?.text ?? '';
    if (name === 'weight') weight = weightOf(s, faults) ?? weight;
    else if (name === 'lvs_method' || name === 'lb_kind') method = methodOf(s, faults) ?? method;
    else if (CHECKS.has(name)) checkPort(s, end, faults);
    else if (!OF_REAL_SERVER.has(name)) faults.note(s, unknown(name));
  }
  const fact: Fact = { source: at.source, line: at.line, text: at.text.trim() };
  return { ...end, weight, method, fact, at };
}

/** What Keepalived says of a word that it does not know. */
export const unknown = (name: string): ReturnType<typeof ignores> => ignores(`Unknown keyword '${name.slice(0, 60)}'`);

function weightOf(at: Statement, faults: Faults): number | null {
  const weight = numberIn(at.words[1]?.text, 0, MAX_WEIGHT);
  const text = (at.words[1]?.text ?? '').slice(0, 60);
  if (weight === null)
    faults.note(at, ignores(`Real server weight ${text} is outside range 0-${MAX_WEIGHT}`), at.words[1]);
  return weight;
}

/** A check without a port connects to that of the real server: with none it never passes, and the server stays out. */
function checkPort(check: Statement, { address, port }: End, faults: Faults): void {
  const name = check.words[0]!.text;
  if (port !== 0 || !PORT_CHECKS.has(name)) return;
  const words = (check.block ?? []).flatMap((s) => s.words.map((w) => w.text));
  if (words.includes('connect_port')) return;
  const message = `this ${name} has no port to connect to, as real_server ${formatAddress(address)} names none: it never passes`;
  faults.note(check, ['key-missing', message, 'connect_port 80']);
}
