import { describe, expect, it } from 'vitest';
import { formatAddress, type Diagnostic } from '../ip/index.ts';
import type { Host, VirtualServer } from '../model/index.ts';
import { parseBundle } from './bundle.ts';
import { hostFromBundle } from './host-from-bundle.ts';
import { loadText } from './load.ts';
import { matchesWildcards } from './wildcards.ts';

const CONF = `virtual_server fwmark 2000 {
lb_algo wlc
lb_kind NAT
real_server 10.10.10.1 {
}
real_server 10.10.10.2 {
}
}
`;
const KERNEL = '-A -f 2000 -s wlc\n-a -f 2000 -r 10.10.10.1:0 -m -w 1\n';
const PROC = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
FWM  000007D0 wlc
  -> 0A0A0A02:0000      Masq    1      0          0
`;

const told = (servers: readonly VirtualServer[] = []): string[] =>
  servers.map((s) => s.realServers.map((r) => formatAddress(r.address)).join(' '));
const outOf = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.filter((d) => d.code === 'server-out').map((d) => `${d.span?.source}:${d.span?.line} ${d.message}`);

describe('virtual servers in a network file', () => {
  const indented = (text: string): string => text.replaceAll(/^/gm, '      ');
  const host = (
    yaml: string,
    files: Record<string, string> = {},
  ): { host: Host; diagnostics: readonly Diagnostic[] } => {
    const text = `hosts:\n  www:\n    interfaces: { eth0: 203.0.113.10/24 }\n${yaml}`;
    const read = (path: string): string | null => files[path] ?? null;
    const list = (path: string): string[] =>
      Object.keys(files).flatMap((f) => (f.startsWith(`${path}/`) ? [f.slice(path.length + 1)] : []));
    const { value, diagnostics } = loadText(text, 'net/n.yaml', { read, list });
    return { host: value.hosts.get('www')!, diagnostics };
  };

  it('are those of keepalived.conf and what it includes', () => {
    const files = {
      'net/k/keepalived.conf': 'include conf.d/*.conf\ninclude gone.conf\n',
      'net/k/conf.d/a.conf': CONF,
      'net/k/conf.d/b.txt': CONF,
    };
    const { host: www, diagnostics } = host('    keepalived: k/keepalived.conf\n', files);
    expect(told(www.virtualServers)).toEqual(['10.10.10.1 10.10.10.2']);
    expect(www.virtualServers[0]!.fact.source).toBe('net/k/conf.d/a.conf');
    expect(diagnostics.map((d) => `${d.code} ${d.severity}`)).toEqual(['file-missing warning']);
  });

  it('are those of the kernel, and what only keepalived.conf has is said', () => {
    const yaml = `    ipvs: |\n${indented(KERNEL)}\n    keepalived: |\n${indented(CONF)}\n`;
    const { host: www, diagnostics } = host(yaml);
    expect(told(www.virtualServers)).toEqual(['10.10.10.1']);
    expect(told(www.configuredServers)).toEqual(['10.10.10.1 10.10.10.2']);
    const out = outOf(diagnostics);
    expect(out).toHaveLength(1);
    expect(out[0]).toContain('real server 10.10.10.2 stands in keepalived.conf, but the kernel does not have it');
  });
});

describe('virtual servers in a bundle', () => {
  const bundle = (sections: Record<string, string>): ReturnType<typeof hostFromBundle> => {
    const text = Object.entries(sections).map(([command, out]) => `=== ${command}\n${out}`);
    return hostFromBundle(parseBundle(`# waymark facts 1\n${text.join('')}=== end\n`, 'www.facts').value);
  };
  const conf = {
    keepalived: 'running /etc/k/k.conf\nfile /etc/keepalived/keepalived.conf\n',
    'file /etc/k/k.conf': CONF,
  };

  it('are read from ipvsadm, else from /proc', () => {
    expect(told(bundle({ 'cat /proc/net/ip_vs': PROC }).value.virtualServers)).toEqual(['10.10.10.2']);
    const both = bundle({ 'cat /proc/net/ip_vs': PROC, 'ipvsadm-save -n': KERNEL });
    expect(told(both.value.virtualServers)).toEqual(['10.10.10.1']);
    const denied = bundle({ 'cat /proc/net/ip_vs': PROC, 'ipvsadm-save -n': '=== ! you must be root\n=== ? 1\n' });
    expect(told(denied.value.virtualServers)).toEqual(['10.10.10.2']);
  });

  it('of a kernel without IPVS are none, and keepalived.conf is compared', () => {
    const { value, diagnostics } = bundle(conf);
    expect(value.virtualServers).toEqual([]);
    expect(told(value.configuredServers)).toEqual(['10.10.10.1 10.10.10.2']);
    expect(outOf(diagnostics)).toEqual([
      'www.facts: /etc/k/k.conf:1 this virtual server stands in keepalived.conf, but the kernel does not have it',
    ]);
  });

  it('of included files are found in the bundle', () => {
    const files = { 'file /etc/k/k.conf': 'include d/*.conf\n', 'file /etc/k/d/a.conf': CONF };
    const { value } = bundle({ ...conf, ...files, 'cat /proc/net/ip_vs': PROC });
    expect(value.configuredServers?.[0]?.fact.source).toBe('www.facts: /etc/k/d/a.conf');
  });
});

describe('wildcards', () => {
  it.each([
    ['a/b.conf', 'a/*.conf', true],
    ['a/b/c.conf', 'a/*.conf', false],
    ['a/xxayb', 'a/*a?b', true],
    ['a/ab', 'a/*a?b', false],
    ['a', 'a', true],
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaa', '*a*a*a*a*a*a*a*b', false],
  ])('%s %s', (path, pattern, is) => {
    expect(matchesWildcards(path, pattern)).toBe(is);
  });
});
