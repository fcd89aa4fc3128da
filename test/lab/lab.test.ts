import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/app/cli/main.ts';
import type { Cli } from '../../src/app/cli/context.ts';
import { fakeMachine, linuxMachine, type Machine } from '../../src/host/index.ts';
import { buildLab, findLab, planLab, removeLab, type LabPlan } from '../../src/lab/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { networkFrom } from '../support/lab-network.ts';

const reason = whyNoLab(['ip', 'nft', 'ping', 'openvpn', 'openssl']);
const machine = linuxMachine();
const base = join(import.meta.dirname, 'matrix/base.yaml');
const network = networkFrom(base);
const newRun = (): string => randomBytes(4).toString('hex');

const leftOf = (plan: LabPlan): readonly string[] => [
  ...plan.namespaces.filter((n) => existsSync(`/run/netns/${n}`)),
  ...[`/run/waymark/lab-${plan.run}`, `/run/waymark/lab-${plan.run}.json`].filter((f) => existsSync(f)),
];

const pidsOf = (plan: LabPlan): readonly number[] =>
  ['server-0', 'client-0-0'].map((f) => Number(readFileSync(`/run/waymark/lab-${plan.run}/${f}.pid`, 'utf8')));

describe.skipIf(reason !== null)('a lab', () => {
  it('is removed with everything it made', async () => {
    const plan = planLab(network, newRun());
    const built = await buildLab(machine, plan);
    expect(built.diagnostics).toEqual([]);
    expect(leftOf(plan)).toHaveLength(plan.namespaces.length + 2);
    const pids = pidsOf(plan);
    expect(await buildLab(machine, plan)).toMatchObject({ value: null, diagnostics: [{ code: 'lab-exists' }] });
    expect(await removeLab(machine, plan.run)).toEqual([]);
    expect(leftOf(plan)).toEqual([]);
    await vi.waitFor(() => expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]), 5000);
    expect(await removeLab(machine, plan.run)).toEqual([]);
  });
  it('is removed when a step fails', async () => {
    const plan = planLab(network, newRun());
    const broken = { ...plan, boxes: plan.boxes.map((b, i) => (i === 3 ? { ...b, ruleset: 'nonsense' } : b)) };
    const built = await buildLab(machine, broken);
    expect(built).toMatchObject({ value: null, diagnostics: [{ code: 'lab-failed' }] });
    expect(leftOf(plan)).toEqual([]);
  });
  it('names the line that ip refused', async () => {
    const plan = planLab(network, newRun());
    const broken = { ...plan, wiring: [...plan.wiring, ['link', 'add', 'nonsense', 'type', 'nothing']] };
    const built = await buildLab(machine, broken);
    expect(built.diagnostics[0]?.message).toContain('(link add nonsense type nothing)');
    expect(leftOf(plan)).toEqual([]);
  });
  it.each([0, 60, 150, 250, 350])('is removed when it is interrupted after %i ms', async (ms) => {
    const plan = planLab(network, newRun());
    const stop = new AbortController();
    setTimeout(() => stop.abort(), ms);
    const built = await buildLab(machine, plan, stop.signal);
    if (built.value) await removeLab(machine, plan.run);
    else expect(built.diagnostics).toMatchObject([{ code: 'lab-failed' }]);
    expect(leftOf(plan)).toEqual([]);
  });
  it('takes away nothing that is not its own', async () => {
    const run = newRun();
    await machine.mkdir('/run/waymark');
    const file = `/run/waymark/lab-${run}.json`;
    writeFileSync(file, JSON.stringify({ hosts: {}, namespaces: ['somebody-else'], complete: true }));
    expect(await findLab(machine, run)).toBeNull();
    expect(await removeLab(machine, run)).toEqual([]);
    rmSync(file);
  });
});

interface Said {
  out: string;
  err: string;
}

async function cli(words: readonly string[], on: Machine = machine): Promise<Said & { code: number }> {
  const said: Said = { out: '', err: '' };
  const world: Cli = {
    process: {
      stdout: { write: (t: string) => void (said.out += t) },
      stderr: { write: (t: string) => void (said.err += t) },
      env: {},
    },
    machine: on,
    width: 120,
    colour: false,
    errorColour: false,
    self: [],
  };
  const code = await runCli(world, ['lab', ...words]);
  return { code, ...said };
}

describe.skipIf(reason !== null)('waymark lab', () => {
  const dir = mkdtempSync(join(tmpdir(), 'wm-lab-'));
  const file = join(dir, 'network.yaml');
  const expecting = (lines: readonly string[]): string =>
    `${readFileSync(base, 'utf8')}expect:\n${lines.map((l) => `  - ${l}\n`).join('')}`;
  afterAll(async () => {
    await cli(['down', '-n', file]);
    rmSync(dir, { recursive: true });
  });

  it('goes up, runs commands, tries expectations, goes down', async () => {
    const wanted = [
      'cl reaches h by ping',
      'h reaches cl on tcp/22',
      'internet cannot reach h',
      'cl cannot reach h on udp/53',
    ];
    writeFileSync(file, expecting(wanted));
    const up = await cli(['up', '-n', file]);
    expect(up).toMatchObject({ code: 0, err: '' });
    expect(up.out).toMatch(/ip netns exec wm-[0-9a-f]{8}-cl bash/);
    expect(await cli(['exec', '-n', file, 'cl', '--', 'ping', '-c1', '10.5.5.20'])).toMatchObject({ code: 0 });
    expect(await cli(['exec', '-n', file, 'cl', 'false'])).toMatchObject({ code: 1 });
    expect(await cli(['exec', '-n', file, 'cl', 'waymark-no-such'])).toMatchObject({ code: 3 });
    const main = join(import.meta.dirname, '../../src/app/cli/bin.ts');
    const cat = ['--import', 'tsx', main, 'lab', 'exec', '-n', file, 'cl', '--', 'sh', '-c', 'cat; hostname -I'];
    expect(spawnSync(process.execPath, cat, { input: 'typed\n', encoding: 'utf8' }).stdout).toMatch(
      /^typed\n.*10\.8\.0\.6/,
    );
    expect(await cli(['exec', '-n', file, 'nobody', 'true'])).toMatchObject({ code: 2 });
    const test = await cli(['test', '-n', file]);
    expect(test.out.split('\n')).toEqual([
      'ok   cl reaches h by ping: a reply from 10.5.5.20, as the trace says',
      'ok   h reaches cl on tcp/22: a reply from 10.8.0.6, as the trace says',
      'ok   internet cannot reach h by ping: a timeout, as the trace says',
      'FAIL cl cannot reach h on udp/53: a reply from 10.5.5.20, as the trace says',
      '4 of 4 expectations went as the trace says',
      '',
    ]);
    expect(test.code).toBe(0);
    writeFileSync(file, expecting(wanted).replace('10.5.5.20', '10.5.5.21'));
    expect(await cli(['test', '-n', file])).toMatchObject({ code: 2, out: '' });
    expect(await cli(['down', '-n', file])).toMatchObject({ code: 0 });
    expect(await cli(['exec', '-n', file, 'cl', 'true'])).toMatchObject({ code: 2 });
  });
  it('says with exit code 1 where the kernel does otherwise', async () => {
    writeFileSync(file, expecting(['cl reaches h by ping', 'cl reaches srv by ping']));
    await cli(['up', '-n', file]);
    await cli(['exec', '-n', file, 'gw', '--', 'ip', 'route', 'del', '10.8.0.0/24']);
    const test = await cli(['test', '--json', '-n', file]);
    expect(test.code).toBe(1);
    expect(JSON.parse(test.out)).toMatchObject({
      different: 1,
      lines: [
        { asked: [{ real: 'a timeout', trace: 'a reply from 10.5.5.20', same: false }] },
        { asked: [{ same: true }] },
      ],
    });
    expect(await cli(['down', '-n', file])).toMatchObject({ code: 0 });
  });
});

describe('without what a lab needs', () => {
  const files = {
    '/net.yaml': 'networks: { a: 10.0.0.0/24 }\nhosts: { x: { on: { a: 10.0.0.1 } } }\nexpect: [x reaches x]\n',
  };
  const programs = Object.fromEntries(['ip', 'kill', 'sysctl'].map((name) => [`/usr/sbin/${name}`, '']));
  it('says that it needs root, with exit code 3', async () => {
    const m = fakeMachine({ files, isRoot: false });
    for (const words of [['up'], ['test'], ['down'], ['exec', 'x', 'true']]) {
      const said = await cli([...words.slice(0, 1), '-n', '/net.yaml', ...words.slice(1)], m);
      expect(said).toMatchObject({ code: 3, out: '' });
      expect(said.err).toContain('error[privilege-missing]');
    }
  });
  it('names the package that brings a program, with exit code 3', async () => {
    const m = fakeMachine({ files: { ...files, ...programs } });
    const said = await cli(['up', '-n', '/net.yaml'], m);
    expect(said.code).toBe(3);
    expect(said.err.match(/apt-get install .*/g)).toEqual(['apt-get install iputils-ping']);
  });
});
