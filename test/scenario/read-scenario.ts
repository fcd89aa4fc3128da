import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadText } from '../../src/facts/index.ts';
import type { Network } from '../../src/model/index.ts';

/** What a scenario's head says of one question. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly port: number;
  /** Bytes of the packet, where the head says. */
  readonly length?: number;
  /** `verdict`, `causes`, `first`, `does`, `offers`, `never`, `evidence`, `places`, …: each key's values in order. */
  readonly expected: ReadonlyMap<string, readonly string[]>;
}

/** A network file with what is expected of it in its head. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly network: Network;
  readonly asked: readonly Asked[];
  /** Faults of the file itself. */
  readonly faults: readonly string[];
}

const KEYS = ['verdict', 'causes', 'first', 'offers', 'never', 'evidence', 'places', 'ask for', 'does', 'closes'];

/** Keys whose value is one text, commas and all. */
const TEXTS = ['evidence', 'ask for', 'does'];

/**
 * All scenarios of this folder. A head is comments: a title; for each question `ask: FROM -> TO ping|tcp/N|udp/N`
 * with ` of N bytes` or without, then
 * indented `causes: CAUSE at HOST, …` (all findings in order), `first: FIX at HOST` (the first fix), `offers: FIX, …`,
 * `never: FIX, …`, `evidence: TEXT` (a piece of the first finding's evidence), `places: CHAIN INDEX, …` (where the first
 * fix puts its rules), `ask for: TEXT` (a piece of the command that would settle it), `does: TEXT` (a change of the first
 * fix), `closes: FROM -> TO, …` (what the first fix disconnects, or `nothing`). A fix of several parts is written
 * `PART + PART`.
 */
export function readScenarios(): Scenario[] {
  const folder = import.meta.dirname;
  return readdirSync(folder)
    .filter((f) => f.endsWith('.yaml'))
    .map((file) => readScenario(file.replace('.yaml', ''), readFileSync(join(folder, file), 'utf8')));
}

function readScenario(name: string, text: string): Scenario {
  const head = text.split('\n').filter((l) => l.startsWith('#'));
  const { value, diagnostics } = loadText(text, `${name}.yaml`, { read: () => null, list: () => [] });
  const faults = diagnostics.filter((d) => d.severity === 'error').map((d) => d.message);
  return { name, title: head[0]!.slice(2), network: value, asked: readHead(head), faults };
}

function readHead(head: readonly string[]): Asked[] {
  const asked: (Asked & { expected: Map<string, string[]> })[] = [];
  for (const line of head) {
    const ask = /^# ask: (\S+) -> (\S+) (ping|(tcp|udp)\/(\d+))(?: of (\d+) bytes)?$/.exec(line);
    const more = /^# {3}([a-z ]+): (.+)$/.exec(line);
    if (ask) {
      const [, from, to, , protocol, port, length] = ask;
      asked.push({
        from: from!,
        to: to!,
        protocol: (protocol ?? 'icmp') as Asked['protocol'],
        port: Number(port ?? 0),
        ...(length === undefined ? {} : { length: Number(length) }),
        expected: new Map(),
      });
    } else if (more) {
      const [, key, value] = more;
      if (!KEYS.includes(key!)) throw new Error(`bug: a scenario has no '${key}'`);
      const { expected } = asked.at(-1)!;
      expected.set(key!, [...(expected.get(key!) ?? []), ...(TEXTS.includes(key!) ? [value!] : value!.split(', '))]);
    }
  }
  return asked;
}
