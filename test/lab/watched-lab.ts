import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildLab, execInLab, forgetRedirects, planLab, removeLab, type Lab } from '../../src/lab/index.ts';
import type { Network } from '../../src/model/index.ts';
import { capture, type Capture } from '../support/lab-capture.ts';
import { branchNetwork, machine, pinged, type Difference } from './branch-network.ts';

/** A lab that is up for a group of tests, with its captures. */
export function watchedLab(difference: Difference, points: Readonly<Record<string, readonly [string, string]>>) {
  const network = branchNetwork(difference);
  const up = {} as { lab: Lab; captures: Record<string, Capture> };
  const run = randomBytes(4).toString('hex');
  beforeAll(async () => {
    const built = await buildLab(machine, planLab(network, run));
    if (!built.value) throw new Error(built.diagnostics.map((d) => d.message).join('; '));
    up.lab = built.value;
    const started = await Promise.all(
      Object.entries(points).map(async ([name, [h, dev]]) => [name, await capture(machine, up.lab, h, dev)] as const),
    );
    up.captures = Object.fromEntries(started);
  });
  afterAll(async () => {
    await Promise.all(Object.values(up.captures).map((c) => c.stop()));
    expect(await removeLab(machine, run)).toEqual([]);
  });
  const on = async (host: string, command: string): Promise<string> => {
    const r = await execInLab(machine, up.lab, host, ['sh', '-c', command]);
    return r.stdout + r.stderr;
  };
  return {
    network,
    on,
    saw: (name: string, pattern: RegExp): Promise<boolean> => up.captures[name]!.saw(pattern),
    count: (name: string, pattern: RegExp): number => up.captures[name]!.count(pattern),
    log: async (): Promise<string> => {
      const log = await machine.readFile(`${up.lab.folder}/server-0.log`);
      return log.ok ? log.value : '';
    },
    /** Pings once; the kernel does as the model says. */
    ask: async (model: Network, from: string, to: string) => {
      await forgetRedirects(machine, up.lab);
      Object.values(up.captures).forEach((c) => c.clear());
      const asked = await pinged(model, up.lab, from, to);
      return { kind: asked.first.kind, trip: asked.trip };
    },
    sourceCheck: (host: string, dev: string, value: number): Promise<string> =>
      on(host, `for f in /proc/sys/net/ipv4/conf/${dev}/rp_filter; do echo ${value} >$f; done`),
    dropped: async (host: string): Promise<number> =>
      Number(/IPReversePathFilter\s+(\d+)/.exec(await on(host, 'nstat -asz TcpExtIPReversePathFilter'))?.[1]),
  };
}
