import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadText } from '../../src/facts/index.ts';
import { whyNoLab } from '../support/lab-available.ts';

const reason = whyNoLab(['dropbear', 'dropbearkey', 'ssh', 'ssh-keygen', 'ss', 'unshare']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-ssh-'));
const ssh = join(folder, 'home/.ssh');
afterAll(() => rmSync(folder, { recursive: true }));

/** `waymark collect` with an SSH server of its own on 127.0.0.1:2222. */
function collect(target: string): { stdout: string; stderr: string; code: number | null } {
  const main = join(import.meta.dirname, '../../src/app/cli/bin.ts');
  const waymark = [process.execPath, '--import', 'tsx', main, 'collect', target];
  const argv = ['-mn', 'sh', join(import.meta.dirname, 'ssh-host.sh'), folder, ...waymark];
  const { stdout, stderr, status } = spawnSync('unshare', argv, { encoding: 'utf8', timeout: 30_000 });
  return { stdout, stderr, code: status };
}

describe.skipIf(reason !== null)('collect over ssh', () => {
  beforeEach(() => {
    rmSync(folder, { recursive: true });
    mkdirSync(ssh, { recursive: true });
    for (const path of [join(folder, 'home'), ssh]) chmodSync(path, 0o700);
    const key = execFileSync('dropbearkey', ['-t', 'ed25519', '-f', join(folder, 'host_key')], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(ssh, 'id_ed25519')]);
    writeFileSync(join(ssh, 'authorized_keys'), readFileSync(join(ssh, 'id_ed25519.pub')));
    writeFileSync(join(ssh, 'known_hosts'), `[127.0.0.1]:2222 ${/^ssh-.*$/m.exec(key)![0]}\n`);
  });

  it('gives the bundle of the machine at the other end', () => {
    const { stdout, stderr, code } = collect('ssh://root@127.0.0.1:2222');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { value, diagnostics } = loadText(stdout, 'x', { read: () => null, list: () => [] });
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect([...value.hosts.values()].map((h) => h.interfaces.map((i) => i.name))).toEqual([['lo']]);
    expect(readFileSync(join(folder, 'server.log'), 'utf8')).toContain("Pubkey auth succeeded for 'root'");
  });
  it('asks no host that it does not know', () => {
    rmSync(join(ssh, 'known_hosts'));
    const { stdout, stderr, code } = collect('ssh://root@127.0.0.1:2222');
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toBe(
      'error[command-failed] ssh -p 2222 root@127.0.0.1 ended with 255: Host key verification failed.\n' +
        '  hint: connect by hand first: ssh -p 2222 root@127.0.0.1\n',
    );
  });
  it('says that it was not let in, and that nobody is there', () => {
    rmSync(join(ssh, 'authorized_keys'));
    expect(collect('ssh://root@127.0.0.1:2222').stderr).toContain('Permission denied (publickey)');
    expect(collect('ssh://root@127.0.0.1:2223').stderr).toContain('Connection refused');
  });
});
