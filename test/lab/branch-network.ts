import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadText } from '../../src/facts/index.ts';
import { linuxMachine } from '../../src/host/index.ts';
import { buildLab, listenerFor, planLab, predictedProbe, probe, removeLab } from '../../src/lab/index.ts';
import type { Lab, Probed } from '../../src/lab/index.ts';
import type { Network } from '../../src/model/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../../src/trace/index.ts';
import { merged } from '../support/lab-network.ts';

const folder = resolve(import.meta.dirname, '../../examples/branch');
export const machine = linuxMachine();

/** How a network differs from examples/branch. */
export interface Difference {
  /** The network file's keys that change; null takes out. */
  readonly overlay?: unknown;
  /** What the example's other files read. */
  readonly files?: (file: string, text: string) => string;
}

/** examples/branch, with a difference. */
export function branchNetwork({ overlay = {}, files = (_, text) => text }: Difference = {}): Network {
  const text = stringify(merged(parse(readFileSync(join(folder, 'network.yaml'), 'utf8')), overlay), { lineWidth: 0 });
  const read = (path: string): string => files(path, readFileSync(join(folder, path), 'utf8'));
  const { value, diagnostics } = loadText(text, 'network.yaml', { read, list: () => [] });
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return value;
}

/** Takes what the pattern matches out of one file of the example. */
export const without =
  (name: string, pattern: RegExp) =>
  (file: string, text: string): string =>
    file === name ? text.replace(pattern, '') : text;

/** A ping as the model has it. */
export function pingOf(network: Network, from: string, to: string): { question: Question; trip: RoundTrip } {
  const question = askFor(network, from, to, { protocol: 'icmp', port: 0 });
  if (!question.ok) throw new Error(question.message);
  return { question: question.value, trip: roundTrip(network, question.value) };
}

/** Does something in a lab of the network, which is then removed. */
export async function inLab<T>(network: Network, work: (lab: Lab) => Promise<T>): Promise<T> {
  const run = randomBytes(4).toString('hex');
  const built = await buildLab(machine, planLab(network, run));
  if (!built.value) throw new Error(built.diagnostics.map((d) => d.message).join('; '));
  try {
    return await work(built.value);
  } finally {
    expect(await removeLab(machine, run)).toEqual([]);
  }
}

/** Pings for real; the model must have said the same. */
export async function pinged(
  network: Network,
  lab: Lab,
  from: string,
  to: string,
): Promise<Probed & { trip: RoundTrip }> {
  const { question, trip } = pingOf(network, from, to);
  const seen = await probe(machine, lab, question, listenerFor(trip));
  expect(predictedProbe(trip), `${from} -> ${to}`).toEqual(seen);
  return { ...seen, trip };
}
