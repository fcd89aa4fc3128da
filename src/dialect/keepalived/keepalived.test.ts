import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, type Diagnostic } from '../../ip/index.ts';
import type { VirtualServer } from '../../model/index.ts';
import { parseKeepalivedConf } from './index.ts';

/** The configuration of the blog's second post. */
const BLOG = `virtual_server fwmark 2000 {
  delay_loop 6
  lb_algo wlc
  lb_kind NAT
  persistence_timeout 0
  protocol TCP

  real_server 10.10.10.1 80 {
    weight 1
    TCP_CHECK {
      connect_timeout 3
    }
  }
  real_server 10.10.10.2 80 {
    weight 1
    TCP_CHECK {
      connect_timeout 3
    }
  }
}
`;

const told = (services: readonly VirtualServer[]): string[] =>
  services.flatMap((s) => {
    const { match } = s;
    const at =
      match.kind === 'mark' ? `mark ${match.mark}` : `${match.protocol} ${formatAddress(match.address)} ${match.port}`;
    const servers = s.realServers.map((r) => `  ${formatAddress(r.address)} ${r.port} ${r.method} ${r.weight}`);
    return [`v${s.family} ${at} ${s.scheduler}${s.persistent ? ' persistent' : ''}`, ...servers];
  });

const said = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map((d) => `${d.span?.line}:${d.span?.column} ${d.code} ${d.message}`);

const read = (text: string): ReturnType<typeof parseKeepalivedConf> => parseKeepalivedConf(text, 'keepalived.conf');

const server = (address: string, more = ''): string => `real_server ${address} {\nweight 1\n${more}}\n`;
const virtual = (head: string, body: string): string =>
  `virtual_server ${head} {\nlb_algo wlc\nlb_kind NAT\n${body}}\n`;

describe("the blog's keepalived.conf", () => {
  const { value, diagnostics } = read(BLOG);

  it('is a virtual server by mark, not persistent', () => {
    expect(told(value)).toEqual(['v4 mark 2000 wlc', '  10.10.10.1 80 nat 1', '  10.10.10.2 80 nat 1']);
    expect(value[0]!.fact).toEqual({ source: 'keepalived.conf', line: 1, text: 'virtual_server fwmark 2000 {' });
  });

  it('has two lines that Keepalived does not take', () => {
    expect(said(diagnostics)).toEqual([
      "5:23 keepalived-ignores number '0' outside range [1, 2678400]: persistence_timeout invalid",
      '6:3 keepalived-ignores Virtual server FWM 2000: protocol specified for fwmark - protocol will be ignored',
    ]);
    expect(diagnostics.map((d) => d.hint)).toEqual([
      'leave the line out: without it there is no persistence',
      'leave the line out: a mark takes every protocol',
    ]);
  });
});

describe('keepalived.conf', () => {
  it('has addresses, groups, ranges, families and defaults', () => {
    const text = `! comment
$VIP=10.0.0.7
global_defs {
  router_id lab
}
virtual_server_group site {
  10.0.0.1 80
  10.0.0.2-3 80   # two
  fwmark 7
}
${virtual('$VIP 80', `protocol TCP\n${server('10.10.10.1 8080')}`)}
${virtual('2001:db8::80 443', `protocol TCP\n${server('2001:db8:1::1 443')}`)}
${virtual('group site', `protocol TCP\npersistence_timeout\n${server('10.10.10.1 80')}`)}
${virtual('fwmark 6', server('fd00:10::1', 'lvs_method TUN type gue port 6080\n'))}
`;
    const { value, diagnostics } = read(text);
    expect(said(diagnostics)).toEqual([]);
    expect(told(value)).toEqual([
      'v4 6 10.0.0.7 80 wlc',
      '  10.10.10.1 8080 nat 1',
      'v6 6 2001:db8::80 443 wlc',
      '  2001:db8:1::1 443 nat 1',
      'v4 6 10.0.0.1 80 wlc persistent',
      '  10.10.10.1 80 nat 1',
      'v4 6 10.0.0.2 80 wlc persistent',
      '  10.10.10.1 80 nat 1',
      'v4 6 10.0.0.3 80 wlc persistent',
      '  10.10.10.1 80 nat 1',
      'v4 mark 7 wlc persistent',
      '  10.10.10.1 80 nat 1',
      'v6 mark 6 wlc',
      '  fd00:10::1 0 tunnel 1',
    ]);
  });

  it('is read with the files that it includes', () => {
    const files: Record<string, string> = { 'conf.d/*.conf': virtual('fwmark 5', server('10.10.10.1')) };
    const include = (pattern: string): { text: string; source: string }[] =>
      files[pattern] === undefined ? [] : [{ text: files[pattern], source: 'conf.d/a.conf' }];
    const { value, diagnostics } = parseKeepalivedConf('include conf.d/*.conf\ninclude gone\n', 'k', include);
    expect(value[0]?.fact.source).toBe('conf.d/a.conf');
    expect(said(diagnostics)).toEqual(["2:9 file-missing config files missing: 'gone' could not be read"]);
  });

  it('puts the sorry server in when no real server has a weight', () => {
    const sorry = 'sorry_server 10.10.10.9 80\n';
    const text = (weight: number): string =>
      virtual('fwmark 5', `${sorry}real_server 10.10.10.1 {\nweight ${weight}\n}\n`);
    expect(told(read(text(1)).value)).toEqual(['v4 mark 5 wlc', '  10.10.10.1 0 nat 1']);
    expect(told(read(text(0)).value)).toEqual(['v4 mark 5 wlc', '  10.10.10.9 80 nat 1']);
  });

  it('keeps no password', () => {
    const text = `vrrp_instance a {\ninterface eth0\nauthentication {\nauth_type PASS\nauth_pass geheim\n}\nvirtual_ipaddress {\n10.0.0.1/24 dev lo\n}\n}\n`;
    expect(JSON.stringify(read(text))).not.toContain('geheim');
    expect(read(text).diagnostics).toEqual([]);
  });

  it('whose check has no port never brings its server in', () => {
    const text = virtual('fwmark 5', server('10.10.10.1', 'TCP_CHECK {\nconnect_timeout 3\n}\n'));
    expect(said(read(text).diagnostics)).toEqual([
      '6:1 key-missing this TCP_CHECK has no port to connect to, as real_server 10.10.10.1 names none: it never passes',
    ]);
  });
});

// what Keepalived 2.2.7 says of each, without its place
const JUDGED: readonly (readonly [text: string, ...codes: string[]])[] = [
  [BLOG.replace(/ {2}(persistence|protocol).*\n/g, '')],
  [BLOG, 'outside range', 'protocol will be ignored'],
  [virtual('10.0.0.1 80', server('10.10.10.1 80')), 'defaulting to UDP'],
  [virtual('10.0.0.1', `protocol TCP\n${server('10.10.10.1 80')}`), 'zero port only valid'],
  [`virtual_server fwmark 5 {\n${server('10.10.10.1')}}\n`, 'no scheduler', 'no forwarding method'],
  [virtual('fwmark 5', `lb_algo xyz\n${server('10.10.10.1')}`), 'Invalid lvs_scheduler'],
  [virtual('fwmark 5', `lb_kind FOO\n${server('10.10.10.1')}`), 'routing method'],
  [virtual('fwmark 5', ''), 'has no real servers'],
  [virtual('10.0.0.1 80', `ops\nprotocol TCP\n${server('10.10.10.1 80')}`), 'one packet scheduling requires UDP'],
  [virtual('fwmark 0x7d0', server('10.10.10.1')), 'must be in'],
  [virtual('10.0.0.300 80', server('10.10.10.1')), 'Invalid virtual server IP'],
  [virtual('10.0.0.1 99999', server('10.10.10.1')), 'Invalid virtual server IP'],
  [virtual('fwmark 5', `${server('10.10.10.1')}${server('fd00::1')}`), "don't match - skipping"],
  [virtual('fwmark 5', `${server('10.10.10.1')}${server('10.10.10.1')}`), 'duplicated'],
  [virtual('fwmark 5', server('10.10.10.1', 'foo bar\n')), "Unknown keyword 'foo'"],
  [virtual('fwmark 5', server('10.10.10.1', 'weight -1\n')), 'outside range'],
  [virtual('fwmark 5', `quorum 0\n${server('10.10.10.1')}`), 'Quorum 0 must be in'],
  [virtual('10.0.0.1 80', `lb_kind DR\nprotocol TCP\n${server('10.10.10.1 8080')}`), "ports don't match"],
  [virtual('fwmark 5', `lb_kind DR\n${server('10.10.10.1 8080')}`), 'has port specified - clearing'],
  [virtual('fwmark 5', server('10.10.10.1')).trimEnd().slice(0, -1), 'missing'],
  [`}\n${virtual('fwmark 5', server('10.10.10.1'))}`, "Extra '}'"],
  ['virtual_server fwmark 5 { lb_algo wlc\nlb_kind NAT\nreal_server 10.10.10.1 80\n\n# c\n{ weight 7 }\n}\n'],
  [virtual('fwmark 5', 'real_server 10.10.10.1 { weight 1 TCP_CHECK { connect_port 80 } }\n'), "Unexpected '{'", "Extra '}'", "Unknown keyword 'connect_port'"],
  [`foo\n${virtual('fwmark 5', server('10.10.10.1'))}`, "Unknown keyword 'foo'"],
]; // prettier-ignore

const hasKeepalived = spawnSync('keepalived', ['--version']).status === 0;

describe('Keepalived itself', () => {
  it.each(JUDGED)('is quoted: case %#', (text, ...words) => {
    const { diagnostics } = read(text);
    expect(diagnostics).toHaveLength(words.length);
    for (const [i, word] of words.entries()) expect(diagnostics[i]!.message).toContain(word);
  });

  it.skipIf(!hasKeepalived && !process.env['CI'])('finds fault with the same configurations (keepalived -t)', () => {
    const dir = mkdtempSync(join(tmpdir(), 'wm-keepalived-'));
    try {
      for (const [text, ...words] of JUDGED) {
        const file = join(dir, 'keepalived.conf');
        writeFileSync(file, text);
        const { status, stderr } = spawnSync('keepalived', ['-t', '-f', file], { encoding: 'utf8' });
        expect([status, text, stderr]).toEqual([words.length === 0 ? 0 : 5, text, stderr]);
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('no text', () => {
  const piece = fc.constantFrom(
    ...BLOG.split('\n'), 'include x', '{', '}', '"', "'", '$A=$A$A', '$A', '@x y', 'virtual_server_group g {', '10.0.0.0/1 80',
    '10.0.0.1-10.255.255.255', '::1-ffff', 'virtual_server group g {', 'fwmark 99999999999', 'sorry_server ::1', '!', '{ {',
  ); // prettier-ignore
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }).map((p) => p.join('\n')),
  );

  it('makes the reader throw or hang', () => {
    fc.assert(
      fc.property(text, (t) => {
        const include = (): { text: string; source: string }[] => [{ text: t, source: 'again' }];
        const { diagnostics } = parseKeepalivedConf(t, 'x', include);
        expect(diagnostics.length).toBeLessThan(60);
        for (const d of diagnostics) expect(d.span?.column ?? 1).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('of braces or definitions alone takes long', () => {
    const start = performance.now();
    for (const t of [
      '{'.repeat(2e5),
      '}'.repeat(2e5),
      'a {\n'.repeat(1e5),
      '$A=$A$A$A\n'.repeat(1e4) + '$A'.repeat(1e4),
    ])
      read(t);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
