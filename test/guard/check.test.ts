import { describe, expect, it } from 'vitest';
import { fakeMachine, type FakeAnswer } from '../../src/host/index.ts';
import { runOn } from '../cli/world.ts';

const SETTINGS = `ports:
  - { site: 80, page: 18080 }
  - { site: 443, page: 18443 }
certificates: [ { certificate: site.pem, key: site.key } ]
user: www-page
allow: [ ./allow.txt ]
page: { template: page.html, logo: logo.png, languages: [ de, pl.yaml ] }
engine: nft
metrics: { port: 9180 }
`;
const AS = 'setpriv --reuid www-page --regid 33 --init-groups -- test';

async function check(commands: Readonly<Record<string, FakeAnswer>>, files: Readonly<Record<string, string>> = {}) {
  const machine = fakeMachine({
    files: { '/etc/waymark/guard.yaml': SETTINGS, ...files },
    commands: {
      'nft --check -f -': '',
      'id -u www-page': '33\n',
      'id -g www-page': '33\n',
      ...commands,
    },
  });
  const { code, stderr, stdout } = await runOn(machine, ['guard', 'check']);
  return { code, stdout, said: stderr.split('\n').filter((line) => /^(error|warning|  hint)/.test(line)) };
}
const PROGRAMS = Object.fromEntries(['ip', 'setpriv', 'flock', 'id', 'nft'].map((p) => [`/usr/sbin/${p}`, '']));
const FILES = { '/etc/waymark/site.pem': '', '/etc/waymark/site.key': '', '/etc/waymark/allow.txt': '192.0.2.1\n' };

describe('guard check', () => {
  it('says each fault with its line, and what to type', async () => {
    const { code, said } = await check(
      {
        'ss -Hltnp': 'LISTEN 0 1 0.0.0.0:18443 0.0.0.0:* users:(("java",pid=812,fd=4))\nLISTEN 0 1 [::]:9180 [::]:*\n',
        'iptables-save -t nat':
          '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80\n',
        [`${AS} -r /etc/waymark/guard.yaml`]: '',
        [`${AS} -r /etc/waymark/site.pem`]: '',
        [`${AS} -r /etc/waymark/site.key`]: { code: 1 },
        [`${AS} -x /`]: '',
        [`${AS} -x /etc`]: '',
        [`${AS} -x /etc/waymark`]: '',
      },
      { ...PROGRAMS, ...FILES },
    );
    expect(code).toBe(2);
    expect(said).toEqual([
      'error[file-missing] /etc/waymark/guard.yaml:7:19: /etc/waymark/page.html: no such file',
      'error[file-missing] /etc/waymark/guard.yaml:7:36: /etc/waymark/logo.png: no such file',
      'error[file-missing] /etc/waymark/guard.yaml:7:63: /etc/waymark/pl.yaml: no such file',
      'error[privilege-missing] /etc/waymark/guard.yaml:4:47: www-page, who serves the page, may not read /etc/waymark/site.key',
      '  hint: setfacl -m u:www-page:r /etc/waymark/site.key, or name a user who may read it: user: NAME',
      'error[port-taken] /etc/waymark/guard.yaml:3:24: java (process 812) listens on port 18443 already',
      '  hint: name another port',
      'error[port-taken] /etc/waymark/guard.yaml:9:18: another program listens on port 9180 already',
      '  hint: name another port',
    ]);
  });
  it('names the folder that keeps the page from Waymark itself', async () => {
    const files = { ...PROGRAMS, '/root/waymark/bin/waymark': '', '/etc/waymark/guard.yaml': 'user: www-page\n' };
    const machine = fakeMachine({
      files,
      commands: {
        'nft --check -f -': '',
        'id -u www-page': '33\n',
        'id -g www-page': '33\n',
        [`${AS} -r /etc/waymark/guard.yaml`]: '',
        [`${AS} -x /`]: '',
        [`${AS} -x /root`]: { code: 1 },
      },
    });
    const said = await runOn(machine, ['guard', 'check'], {}, ['/root/waymark/bin/waymark']);
    expect(said.code).toBe(3);
    expect(said.stderr).toContain('may not enter /root to read /root/waymark/bin/waymark');
    expect(said.stderr).toContain('hint: put Waymark where everybody may read it: cp -a /root/waymark /opt/waymark');
  });
  it('names what the machine lacks, and stays quiet where it lacks nothing', async () => {
    const lacking = await check({}, { '/etc/waymark/guard.yaml': 'engine: iptables\nuser: www-page\n' });
    expect(lacking.code).toBe(3);
    expect(lacking.said).toContain(
      'error[component-missing] /etc/waymark/guard.yaml:1:9: there is no ipset on this machine',
    );
    const kernel = {
      'nft --check -f -': { code: 1, stderr: 'Error: Could not process rule: No such file or directory\n' },
    };
    const files = { ...PROGRAMS, '/etc/waymark/guard.yaml': 'user: www-page\n' };
    const as = { [`${AS} -r /etc/waymark/guard.yaml`]: '' };
    const refused = await check({ ...kernel, ...as }, files);
    expect(refused.said[0]).toContain('error[command-failed]');
    expect(refused.said[0]).toContain('No such file or directory');
    expect(await check(as, files)).toEqual({ code: 0, stdout: 'the guard can run\n', said: [] });
  });
  it('warns of others who translate the same port', async () => {
    const rules = 'table ip nat {\n\tchain prerouting {\n\t\ttcp dport { 80, 443 } dnat to 10.0.0.5\n\t}\n}\n';
    const { code, said } = await check(
      { 'nft -t list ruleset': rules, [`${AS} -r /etc/waymark/guard.yaml`]: '' },
      { ...PROGRAMS, '/etc/waymark/guard.yaml': 'user: www-page\nports: [ { site: 80, page: 18080 } ]\n' },
    );
    expect(code).toBe(0);
    expect(said[0]).toBe(
      'warning[port-contested] /etc/waymark/guard.yaml:2:18: another rule leads port 80 elsewhere: tcp dport { 80, 443 } dnat to 10.0.0.5',
    );
  });
});
