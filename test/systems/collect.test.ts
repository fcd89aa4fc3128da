import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatRoute } from '../../src/dialect/index.ts';
import { collectScript, hostFromBundle, parseBundles } from '../../src/facts/index.ts';
import { formatAddress } from '../../src/ip/index.ts';
import { runIn } from '../cli/world.ts';
import { story } from './story.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'waymark-bsd-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** The part of a sample that a command printed, up to the next prompt. */
function printed(sample: string, command: string): string {
  const text = readFileSync(join(import.meta.dirname, 'samples', sample), 'utf8');
  const [, rest = ''] = text.split(new RegExp(`^.*[%#:] ${command}.*\\n`, 'm'));
  return rest.split(/^\S*.*[%#:] (?:netstat|ifconfig|sysctl)\b/m)[0]!;
}

/** Programs of another system, in front of those of this one; `ip` tells when it is run. */
function fake(name: string, programs: Readonly<Record<string, string>>): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const [program, script] of Object.entries(programs)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return bin;
}

const saying = (text: string): string => `cat <<'SAID'\n${text.trimEnd()}\nSAID`;

/** What the script prints there, run by the strictest shell that is here. */
function collect(name: string, sample: string, uname: string, more: Readonly<Record<string, string>> = {}): string {
  const bin = fake(name, {
    uname: `case $1 in -n) echo ${name} ;; -s) echo ${uname.split(' ')[0]} ;; *) echo '${uname}' ;; esac`,
    netstat: saying(printed(sample, 'netstat')),
    ifconfig: saying(printed(sample, 'ifconfig')),
    sysctl: saying(printed(sample, 'sysctl')),
    ip: `touch ${join(folder, name, 'ip-was-run')}`,
    ps: 'exit 0',
    ...more,
  });
  const shell = existsSync('/bin/dash') ? '/bin/dash' : '/bin/sh';
  const run = spawnSync(shell, ['-s'], {
    input: collectScript(),
    encoding: 'utf8',
    env: { PATH: `${bin}:/usr/bin:/bin` },
  });
  expect(run.stderr).toBe('');
  expect(existsSync(join(bin, 'ip-was-run'))).toBe(false);
  return run.stdout;
}

describe('the script of waymark collect on macOS and the BSDs', () => {
  it('prints a bundle of macOS that becomes the same host as the pasted listings', async () => {
    const bundle = collect('router', 'macos.txt', 'Darwin 23.1.0');
    expect(bundle).toMatch(/^# waymark facts 1\n=== uname -n\nrouter\n/);
    expect(bundle).toMatch(/\n=== end\n$/);
    const files = { 'net.yaml': story('{ on: { office: 10.5.5.1 }, facts: router.facts }'), 'router.facts': bundle };
    const { stdout, stderr } = await runIn({ files }, ['explain', 'laptop', 'linux-server', '-n', 'net.yaml']);
    expect(stderr).toBe('');
    expect(stdout).toContain('router# sudo route -n add -net 10.8.0.0/24 10.5.5.5');
  });

  it('names what it could not run, and keeps the rest', () => {
    const bundle = collect('half', 'freebsd.txt', 'FreeBSD 14.1-RELEASE', { sysctl: 'echo denied >&2; exit 1' });
    const { value, diagnostics } = hostFromBundle(parseBundles(bundle, 'half.facts').value[0]!);
    expect(diagnostics.map((d) => [d.severity, d.code, d.message])).toEqual([
      ['warning', 'command-failed', 'sysctl net.inet.ip.forwarding net.inet6.ip6.forwarding: denied'],
    ]);
    expect([value.name, value.system, value.settings.size]).toEqual(['half', 'freebsd', 0]);
    expect(value.interfaces.flatMap((i) => i.addresses.map((a) => formatAddress(a.address)))).toContain('10.5.5.1');
    expect(value.routes.map(formatRoute)).toContain('192.168.99.0/24 via 10.5.5.9 dev em0');
  });

  it('knows pfSense and OPNsense, and finds a running OpenVPN server without its secrets', () => {
    const config = join(folder, 'config.ovpn');
    writeFileSync(
      config,
      'dev ovpns1\nserver 10.8.0.0 255.255.255.0\npush "route 10.5.5.0 255.255.255.0"\n<key>\nsecret\n</key>\n',
    );
    const bundle = collect('sense', 'pfsense.txt', 'FreeBSD 14.0-CURRENT', {
      'opnsense-version': 'echo OPNsense 24.7.1',
      ps: `echo "  4711 /usr/local/sbin/openvpn --config ${config}"`,
      sysctl: 'echo net.inet.ip.forwarding: 1; echo net.inet6.ip6.forwarding: 1',
    });
    expect(bundle).not.toContain('secret');
    const { value, diagnostics } = hostFromBundle(parseBundles(bundle, 'sense.facts').value[0]!);
    expect(diagnostics).toEqual([]);
    expect(value.system).toBe('opnsense');
    expect(value.openvpn.map((p) => [p.dev, p.role])).toEqual([['ovpns1', 'server']]);
  });
});
