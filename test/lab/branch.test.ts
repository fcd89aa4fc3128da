import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { diagnose } from '../../src/diagnose/index.ts';
import { loadText } from '../../src/facts/index.ts';
import { linuxMachine } from '../../src/host/index.ts';
import {
  buildLab,
  forgetRedirects,
  listenerFor,
  planLab,
  predictedProbe,
  probe,
  removeLab,
} from '../../src/lab/index.ts';
import type { Lab, Probed } from '../../src/lab/index.ts';
import { applyChanges, type Network } from '../../src/model/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../../src/trace/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { merged } from '../support/lab-network.ts';
import { PIECES, type Piece } from './branch-pieces.ts';

const folder = resolve(import.meta.dirname, '../../examples/branch');
const reason = whyNoLab(['ip', 'nft', 'ping', 'openvpn', 'openssl']);
const machine = linuxMachine();

function networkOf({ overlay, files = (_, text) => text }: Pick<Piece, 'overlay' | 'files'>): Network {
  const text = stringify(merged(parse(readFileSync(join(folder, 'network.yaml'), 'utf8')), overlay), { lineWidth: 0 });
  const read = (path: string): string => files(path, readFileSync(join(folder, path), 'utf8'));
  const { value, diagnostics } = loadText(text, 'network.yaml', { read, list: () => [] });
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return value;
}

function ask(network: Network, from: string, to: string): { question: Question; trip: RoundTrip } {
  const question = askFor(network, from, to, { protocol: 'icmp', port: 0 });
  if (!question.ok) throw new Error(question.message);
  return { question: question.value, trip: roundTrip(network, question.value) };
}

async function inLab<T>(network: Network, work: (lab: Lab) => Promise<T>): Promise<T> {
  const run = randomBytes(4).toString('hex');
  const built = await buildLab(machine, planLab(network, run));
  if (!built.value) throw new Error(built.diagnostics.map((d) => d.message).join('; '));
  try {
    return await work(built.value);
  } finally {
    expect(await removeLab(machine, run)).toEqual([]);
  }
}

/** Asks for real; the model must have said the same. */
async function asked(network: Network, lab: Lab, from: string, to: string): Promise<Probed> {
  const { question, trip } = ask(network, from, to);
  await forgetRedirects(machine, lab);
  const seen = await probe(machine, lab, question, listenerFor(trip));
  expect(predictedProbe(trip), `${from} -> ${to}`).toEqual(seen);
  return seen;
}

describe.skipIf(reason !== null)('a LAN behind an OpenVPN client', () => {
  it('every host reaches every other over real OpenVPN, as the model says', async () => {
    const network = networkOf({ overlay: {} });
    const hosts = [...network.hosts.keys()];
    const pairs = hosts.flatMap((from) => hosts.filter((to) => to !== from).map((to) => [from, to] as const));
    await inLab(network, async (lab) => {
      for (const [from, to] of pairs) {
        const seen = await asked(network, lab, from, to);
        expect(seen.first.kind, `${from} -> ${to}`).toBe('answered');
      }
    });
    expect(pairs).toHaveLength(72);
  }, 60_000);

  it.each(PIECES)(
    'without $name: $cause',
    async ({ overlay, files, from, to, cause }) => {
      const network = networkOf({ overlay, ...(files && { files }) });
      const { question, trip } = ask(network, from, to);
      const findings = diagnose(network, question, trip);
      expect(findings.map((f) => `${f.cause} at ${f.host}`)).toEqual([cause]);
      await inLab(network, async (lab) =>
        expect((await asked(network, lab, from, to)).first.kind).not.toBe('answered'),
      );
      const fixed = applyChanges(network, findings[0]!.fixes[0]!.changes);
      await inLab(fixed, async (lab) => {
        expect((await asked(fixed, lab, from, to)).first.kind).toBe('answered');
        const back = await asked(fixed, lab, to, from);
        // a firewall is opened for those who asked
        expect(back.first.kind).toBe(cause.startsWith('forward-drop') ? 'timeout' : 'answered');
      });
    },
    60_000,
  );
});
