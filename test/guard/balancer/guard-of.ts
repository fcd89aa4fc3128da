import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decisionJson, requestLine } from '../../../src/guard/index.ts';
import { linuxMachine } from '../../../src/host/index.ts';
import type { Diagnostic } from '../../../src/ip/index.ts';
import { decision } from '../decisions.ts';
import type { Balancer } from './balancer.ts';

/** A guard that runs on the director, as the command does. */
export interface RunningGuard {
  /** All that it said so far. */
  said(): string;
  /** The codes of what it says about how it is. */
  status(): Promise<readonly string[]>;
  block(target: string, reason?: string): Promise<void>;
  unblock(target: string): Promise<void>;
  stop(): Promise<void>;
}

/** Which files of Keepalived it works with. */
export const INCLUDE = '/run/waymark-include.conf';

/** Starts one with these settings below `delivery` and waits until it runs, or ends. */
export async function startGuard(balancer: Balancer, engine: string, delivery: string): Promise<RunningGuard> {
  const { director, stage } = balancer;
  const folder = mkdtempSync(join(tmpdir(), 'waymark-guard-'));
  mkdirSync(join(folder, 'state'));
  const socket = join(folder, 'guard.sock');
  const settings = `ports: [{ site: 80, page: 80 }, { site: 443, page: 443 }]
certificates: [{ certificate: ${stage.certificate}, key: ${stage.key} }]
engine: ${engine}
folder: ${folder}/state
socket: ${socket}
delivery: ${delivery}
`;
  writeFileSync(join(folder, 'guard.yaml'), settings);
  const words = ['guard', 'run', '--settings', join(folder, 'guard.yaml')];
  const child = director.spawn([process.execPath, stage.waymark, ...words]);
  let isOver = false;
  void child.ended.then(() => (isOver = true));
  while (!isOver && !child.output().includes('the guard runs')) await director.sleep(20);
  assert(!isOver, `the guard ended: ${child.output()}`);
  const ask = async (line: string): Promise<readonly Diagnostic[]> => {
    const answer = await linuxMachine().ask(socket, line);
    assert(answer.ok, `no answer: ${child.output()}`);
    return (JSON.parse(answer.value) as { diagnostics: Diagnostic[] }).diagnostics;
  };
  const change = async (line: string): Promise<void> => assert.deepEqual(await ask(line), []);
  return {
    said: () => child.output(),
    status: async () => (await ask(requestLine({ do: 'status' }))).map((d) => d.code),
    block: (target, reason = 'test') =>
      change(requestLine({ do: 'block', decision: decisionJson(decision(target, { reason })) })),
    unblock: (prefix) => change(requestLine({ do: 'lift', prefix, by: 'test' })),
    stop: async () => {
      child.stop();
      await child.ended;
      await director.remove(folder);
    },
  };
}
