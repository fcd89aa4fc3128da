import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, systemdUnit } from '../../src/guard/index.ts';
import { fakeMachine, type FakeAnswer, type FakeMachine } from '../../src/host/index.ts';
import { runOn } from '../cli/world.ts';

const PROGRAMS = ['ip', 'setpriv', 'flock', 'id', 'nft'].map((name) => `/usr/sbin/${name}`);
const UNIT = '/etc/systemd/system/waymark-guard.service';

/** A machine on which a guard could run, under systemd. */
const FINE: Readonly<Record<string, FakeAnswer>> = {
  'nft --check -f -': '',
  'nft -t list ruleset': '',
  'iptables-save -t nat': '',
  'ip6tables-save -t nat': '',
  'id -u nobody': '65534\n',
  'id -g nobody': '65534\n',
  'ss -Hltnp': 'LISTEN 0 511 *:80 *:* users:(("nginx",pid=7,fd=6))\n',
  'mkdir -p /var/lib/waymark': '',
  [`systemd-analyze verify ${UNIT}`]: '',
  'systemctl daemon-reload': '',
  'systemctl enable waymark-guard.service': '',
  'systemctl restart waymark-guard.service': '',
  'systemctl disable --now waymark-guard.service': '',
  'guard clear': '',
};

function machineWith(more: Readonly<Record<string, FakeAnswer>> = {}, files: Readonly<Record<string, string>> = {}) {
  const there = Object.fromEntries([...PROGRAMS, '/run/systemd/system/x'].map((path) => [path, '']));
  return fakeMachine({ files: { ...there, ...files }, commands: { ...FINE, ...more } });
}
const changes = (machine: FakeMachine): readonly string[] =>
  machine.transcript.map((t) => t.argv.join(' ')).filter((line) => /^(systemctl|mkdir|guard)/.test(line));

describe('guard install', () => {
  it('puts the unit there, with the way back before, and starts it', async () => {
    const machine = machineWith();
    const { code, stdout, stderr } = await runOn(machine, ['guard', 'install']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'the guard runs as waymark-guard.service, and at each boot\n',
    });
    expect(stderr).toBe('back again: waymark guard uninstall, or sh /var/lib/waymark/undo-install.sh\n');
    expect(changes(machine)).toEqual([
      'mkdir -p /var/lib/waymark',
      'systemctl daemon-reload',
      'systemctl enable waymark-guard.service',
      'systemctl restart waymark-guard.service',
    ]);
    expect(await machine.readFile(UNIT)).toMatchObject({ ok: true });
    const undo = await machine.readFile('/var/lib/waymark/undo-install.sh');
    expect(undo).toMatchObject({ value: expect.stringContaining(`rm -f ${UNIT}\n`) as string });
    expect(await runOn(machine, ['guard', 'uninstall'])).toMatchObject({ code: 0 });
    expect(await machine.exists(UNIT)).toBe(false);
    expect(await machine.exists('/var/lib/waymark/undo-install.sh')).toBe(false);
    expect(changes(machine).at(-1)).toBe('guard clear');
    expect(await runOn(machine, ['guard', 'uninstall'])).toMatchObject({ code: 2 });
  });
  it('does exactly what its dry run prints', async () => {
    const machine = machineWith();
    const files = (): string => machine.render().split(/^\$ /m)[0]!;
    const before = files();
    const dry = await runOn(machine, ['guard', 'install', '--dry-run']);
    expect(dry.code).toBe(0);
    expect(files()).toBe(before);
    const folder = mkdtempSync(join(tmpdir(), 'waymark-install-'));
    // the printed commands, run by sh in another place, leave the same files
    const script = dry.stdout
      .replaceAll('/etc/systemd/system', folder)
      .replaceAll('/var/lib/waymark', folder)
      .replaceAll(/^(systemctl|systemd-analyze) .*$/gm, '');
    expect(spawnSync('sh', ['-eu'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const made = spawnSync('cat', [join(folder, 'waymark-guard.service')], { encoding: 'utf8' }).stdout;
    rmSync(folder, { recursive: true });
    await runOn(machine, ['guard', 'install']);
    const installed = await machine.readFile(UNIT);
    expect(installed).toMatchObject({ ok: true, value: made.replaceAll(folder, '/var/lib/waymark') });
  });
  it('takes all back when systemd does not take it, or brings back what was there', async () => {
    const refused = { 'systemctl restart waymark-guard.service': { code: 1, stderr: 'Job failed.\n' } };
    const machine = machineWith(refused);
    const { code, stderr } = await runOn(machine, ['guard', 'install']);
    expect(code).toBe(4);
    expect(stderr).toContain('systemctl restart waymark-guard.service: Job failed.');
    expect(await machine.exists(UNIT)).toBe(false);
    const other = machineWith(refused, { [UNIT]: 'mine\n' });
    expect(await runOn(other, ['guard', 'install'])).toMatchObject({ code: 4 });
    expect(await other.readFile(UNIT)).toMatchObject({ value: 'mine\n' });
  });
  it('changes nothing where a guard could not run, or systemd does not', async () => {
    const taken = { 'ss -Hltnp': 'LISTEN 0 511 *:18080 *:* users:(("java",pid=7,fd=6))\n' };
    const busy = machineWith(taken);
    expect(await runOn(busy, ['guard', 'install'])).toMatchObject({ code: 2 });
    expect(changes(busy)).toEqual([]);
    const machine = fakeMachine({ files: Object.fromEntries(PROGRAMS.map((p) => [p, ''])), commands: FINE });
    const { code, stderr } = await runOn(machine, ['guard', 'install']);
    expect(code).toBe(3);
    expect(stderr).toContain('systemd does not run on this machine');
    expect(changes(machine)).toEqual([]);
    for (const init of ['openrc', 'run', 'systemd'])
      expect((await runOn(machine, ['guard', 'install', '--print', init])).stdout).toContain('guard clear');
  });
});

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!hasAnalyze && !process.env['CI'])('the unit (needs systemd-analyze)', () => {
  it.each(['nft', 'iptables'] as const)('is right, and has few rights: %s', (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'waymark-unit-'));
    const path = join(folder, 'waymark-guard.service');
    const settings = { ...DEFAULT_SETTINGS, engine };
    writeFileSync(path, systemdUnit({ self: [process.execPath, '/usr/bin/env'], file: null, settings }));
    const verified = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    // 10 is no protection at all; ssh has 9.6
    const security = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=35', path], {
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect(security.status, security.stdout).toBe(0);
  });
});
