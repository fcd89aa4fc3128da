import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectScript } from './collector.ts';

const withoutMain = collectScript().replace(/main\n$/, '');
const run = (command: string, input: string): string => {
  const r = spawnSync('sh', ['-c', `${withoutMain}\n${command}`], { input, encoding: 'utf8' });
  expect(r.stderr).toBe('');
  return r.stdout;
};
const clean = (config: string): string => run('clean', config);

describe('the script', () => {
  it('is short enough to be read', () => {
    expect(collectScript().split('\n').length).toBeLessThan(290);
    for (const line of collectScript().split('\n')) expect(line.length).toBeLessThanOrEqual(130);
  });
  it('prints a whole bundle when it comes through standard input', () => {
    const r = spawnSync('sh', ['-s'], { input: collectScript(), encoding: 'utf8' });
    expect(r.stderr).toBe('');
    expect(r.stdout).toMatch(/^# waymark facts 1\n=== uname -n\n/);
    expect(r.stdout).toContain('\n=== ip -j -d addr show\n[{');
    expect(r.stdout).toContain('/proc/sys/net/ipv4/ip_forward:');
    expect(r.stdout).toMatch(/\n=== end\n$/);
  });
});

describe('a section', () => {
  it('has the output, then errors, then the exit code', () => {
    expect(run(`section 'a title' sh -c 'echo one; echo two; echo wrong >&2; exit 3'`, '')).toBe(
      '=== a title\none\ntwo\n=== ! wrong\n=== ? 3\n',
    );
  });
  it('says nothing about success, and keeps warnings', () => {
    expect(run(`section t sh -c 'echo careful >&2'`, '')).toBe('=== t\n=== ! careful\n');
  });
  it('puts a backslash before what looks like a section, and ends every line', () => {
    expect(run(`section t printf '=== x\\n\\\\=== y\\n==\\nlast'`, '')).toBe('=== t\n\\=== x\n\\\\=== y\n==\nlast\n');
  });
  it('says so when there is no such command', () => {
    expect(run('run waymark-no-such x', '')).toMatch(/^=== waymark-no-such x\n=== ! .*not found\n=== \? 127\n$/);
  });
});

describe('an OpenVPN configuration', () => {
  it('loses keys, passwords and comments, and keeps its line numbers', () => {
    const secret = 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0';
    const blocks = [
      'ca',
      'cert',
      'key',
      'tls-auth',
      'tls-crypt',
      'tls-crypt-v2',
      'secret',
      'pkcs12',
      'auth-user-pass',
      'http-proxy-user-pass',
    ];
    const config = [
      '# password hunter2',
      '; hunter2',
      'server 10.8.0.0 255.255.255.0 # hunter2',
      'push "route 10.5.5.0 255.255.255.0" ; hunter2',
      'push "auth-token hunter2"',
      'push "setenv-safe X hunter2"',
      'setenv PASSWORD hunter2',
      'auth-user-pass hunter2',
      '  --setenv-safe X hunter2',
      'made-up hunter2',
      ...blocks.flatMap((b) => [`  <${b}>`, secret, 'hunter2', '<key>', '</keys-not>', `\t</${b}>`]),
      '-----BEGIN PRIVATE KEY-----',
      'hunter2',
      '-----END PRIVATE KEY-----',
      secret,
      '0123456789abcdef0123456789abcdef',
      'abcdef0123456789abcdef0123456789',
      '<connection>',
      'remote 203.0.113.1 1194 udp',
      '</connection>',
      'topology subnet\r',
      '<key>',
      'hunter2 and no end',
    ];
    const out = clean(config.join('\n'));
    expect(out).not.toMatch(/hunter2|c2Vj|0123/);
    const lines = out.split('\n');
    for (const kept of [
      'push "route 10.5.5.0 255.255.255.0"',
      '<connection>',
      'remote 203.0.113.1 1194 udp',
      'topology subnet',
    ]) {
      const before = config.findIndex((l) => l.startsWith(kept));
      expect(lines[before]).toBe(kept);
    }
    expect(lines[2]).toBe('server 10.8.0.0 255.255.255.0');
    expect(lines[9]).toBe('made-up');
  });
  it('never prints what stands in a block, whatever it is', () => {
    const noise = fc.array(fc.stringMatching(/^[ -~]{0,20}$/), { maxLength: 8 });
    fc.assert(
      fc.property(noise, fc.constantFrom('key', 'tls-auth', 'secret', 'anything'), (lines, tag) => {
        const inside = lines.filter((l) => !l.trimStart().startsWith('</')).map((l) => `server S3CRET${l}`);
        expect(clean(['dev tun0', `<${tag}>`, ...inside, `</${tag}>`, 'port 1'].join('\n'))).not.toContain('S3CRET');
      }),
      { numRuns: 40 },
    );
  });
});

it('finds the files that a configuration names', () => {
  const config = `config plain.conf # x\nconfig "with blanks.conf" 1\nconfig 'a b'\n--config  x\nconfigure no\n`;
  expect(run('values config', config)).toBe('plain.conf\nwith blanks.conf\na b\nx\n');
});

it('writes a command line as a configuration', () => {
  const argv = [
    'openvpn',
    '--status',
    '/run/a b',
    '10',
    '--push',
    'route 10.0.0.0 255.0.0.0',
    '--setenv',
    'X',
    'hunter2',
    '--config',
    'a"b',
  ];
  const text = withoutMain.replaceAll('/proc/$1/cmdline', '$D/cmdline');
  const r = spawnSync('sh', ['-c', `D=$(mktemp -d); cat >"$D/cmdline"; ${text}\ncommand_line x; rm -r "$D"`], {
    input: argv.map((a) => `${a}\0`).join(''),
    encoding: 'utf8',
  });
  expect(r.stdout).toBe('status "/run/a b" "10"\npush "route 10.0.0.0 255.0.0.0"\nsetenv\nconfig "a\\"b"\n');
});

describe("Keepalived's configuration", () => {
  it('keeps what makes virtual servers, and its line numbers, without passwords', () => {
    const conf = `# secret1
global_defs { router_id secret2 }
$PASS=secret3
$VIP=10.0.0.7
vrrp_instance a {
  authentication {
    auth_type PASS
    auth_pass secret4 }
  virtual_ipaddress {
    10.0.0.1/24 dev secret5
  }
}
virtual_server fwmark 2000 { # secret6
  lb_algo wlc ! secret7
  quorum_up "/bin/x secret8 {"
  real_server 10.10.10.1 80 {
    TCP_CHECK {connect_port 80}
    notify_up "secret9
secret10 secret11"
  }
}
include conf.d/*.conf
`;
    const out = run('clean_keepalived', conf);
    expect(out).not.toContain('secret');
    expect(out.split('\n').map((l) => l.trim())).toEqual([
      '', 'global_defs {}', '', '$VIP=10.0.0.7', 'vrrp_instance {', 'authentication {', 'auth_type', 'auth_pass }',
      'virtual_ipaddress {', '10.0.0.1/24', '}', '}', 'virtual_server fwmark 2000 {', 'lb_algo wlc', 'quorum_up',
      'real_server 10.10.10.1 80 {', 'TCP_CHECK {connect_port 80}', 'notify_up', '', '}', '}', 'include conf.d/*.conf', '',
    ]); // prettier-ignore
  });
});
