import { describe, expect, it } from 'vitest';
import type { Family } from '../../ip/index.ts';
import { parseIpsetSave } from '../ipset/index.ts';
import { parseIptablesSave } from './index.ts';
import { describeTable } from './testing/describe-table.ts';

/** The rules of the lines of a filter table's FORWARD chain, without their line numbers. */
function forward(lines: string, family: Family = 4, ipsets?: string): string[] {
  const sets = ipsets === undefined ? undefined : parseIpsetSave(ipsets, 'sets').value;
  const text = `*filter\n:FORWARD ACCEPT [0:0]\n:mine - [0:0]\n${lines}\nCOMMIT\n`;
  return rules(describeTable(parseIptablesSave(text, 'save', family, sets).value[0]!), 'FORWARD');
}

function rules(table: string, chain: string): string[] {
  const body = table.split(/^ {2}chain /m).find((c) => c.startsWith(chain)) ?? '';
  return body
    .split('\n')
    .slice(1)
    .filter((l) => l.trim() !== '')
    .map((l) => l.replace(/^ +\d+: /, ''));
}

const diagnostics = (text: string): string[] =>
  parseIptablesSave(text, 'x', 4).diagnostics.map(
    (d) => `${d.severity} ${d.code} ${d.span?.line}:${d.span?.column}+${d.span?.length}`,
  );

const chainOf = (text: string, table: string, chain: string): string[] =>
  rules(describeTable(parseIptablesSave(text, 'x', 4).value.find((t) => t.name === table)!), chain);

describe('parseIptablesSave', () => {
  it('makes a rule for each pair of addresses in lists, each with a fact of its own', () => {
    const text = '-A FORWARD -s 10.0.0.1,10.0.0.2 -d 10.1.0.0/16,10.2.0.0/16 -j ACCEPT';
    const made = parseIptablesSave(text, 'x', 4).value[0]!.chains.get('FORWARD')!.rules;
    expect(forward(text)).toEqual([
      'ip.saddr == 10.0.0.1 ; ip.daddr in { 10.1.0.0/16 } ; accept',
      'ip.saddr == 10.0.0.1 ; ip.daddr in { 10.2.0.0/16 } ; accept',
      'ip.saddr == 10.0.0.2 ; ip.daddr in { 10.1.0.0/16 } ; accept',
      'ip.saddr == 10.0.0.2 ; ip.daddr in { 10.2.0.0/16 } ; accept',
    ]);
    expect(new Set(made.map((r) => r.fact)).size).toBe(4);
  });

  it('gives the halves of a rule with a state or a translation one fact', () => {
    const { value } = parseIptablesSave('-A FORWARD -m conntrack --ctstate NEW,DNAT -j ACCEPT', 'x', 4);
    const [first, second] = value[0]!.chains.get('FORWARD')!.rules;
    expect(first!.fact).toBe(second!.fact);
  });

  it.each([
    ['-A FORWARD -s 10.0.0.9/255.255.0.0 -j DROP', ['ip.saddr in { 10.0.0.0/16 } ; drop']],
    ['-A FORWARD -s 10.9.0.1/255.0.0.255 -j DROP', ['(ip.saddr & 255.0.0.255) == 10.0.0.1 ; drop']],
    ['-A FORWARD -s 0.0.0.0/0 -d 0/0 -i + -p all -j DROP', ['drop']],
    ['-A FORWARD ! -i + -j DROP', ['0 in {  } ; drop']],
    ['-A FORWARD -j ACCEPT -s 1.2.3.4', ['ip.saddr == 1.2.3.4 ; accept']],
    ['-A FORWARD -j REJECT -p tcp --reject-with tcp-reset', ['meta l4proto == 6 ; reject tcp-reset']],
    ['-A FORWARD --protocol TCP --destination-port=ssh -j ACCEPT', ['meta l4proto == 6 ; tcp.dport == 22 ; accept']],
    ['-A FORWARD -p tcp --dport ssh:http -j ACCEPT', ['meta l4proto == 6 ; tcp.dport in { 22-80 } ; accept']],
    ['-A FORWARD -m mark --mark 0x1 -m connmark --mark 0x2 -j DROP', ['meta mark == 1 ; ct mark == 2 ; drop']],
    ['-A FORWARD -m mark --mark 0x1ff/0xf -j DROP', ['(meta mark & 15) == 511 ; drop']],
    ['-A FORWARD -m mark ! --mark 0x1ff/0xf -j DROP', ['(meta mark & 15) != 511 ; drop']],
    [
      '-A FORWARD -m string --string "a -j DROP" --algo bm -d 1.2.3.4 -j ACCEPT',
      ['ip.daddr == 1.2.3.4 ; unmodelled-match <-m string --string "a -j DROP" --algo bm> ; accept'],
    ],
    [
      '-A FORWARD -m recent --name x --rcheck -m conntrack --ctstate NEW -j mine',
      ['ct state in { new } ; unmodelled-match <-m recent --name x --rcheck> ; jump mine'],
    ],
    ['-A FORWARD -g mine', ['goto mine']],
    ['-A FORWARD', ['']],
    ['[12:3456] -A FORWARD -j DROP', ['drop']],
    ['-A FORWARD -m connlimit --connlimit-upto 5 -j ACCEPT', ['limited <-m connlimit --connlimit-upto 5> ; accept']],
    [
      '-A FORWARD -m connlimit ! --connlimit-upto 5 -j DROP',
      ['0 in {  } ; limited <-m connlimit ! --connlimit-upto 5> ; drop'],
    ],
    ['-A FORWARD -m connlimit --connlimit-above 0 -j DROP', ['limited <-m connlimit --connlimit-above 0> ; drop']],
    ['-A FORWARD -p tcp ! --syn -j DROP', ['meta l4proto == 6 ; (tcp.flags & 23) != 2 ; drop']],
    ['-A FORWARD -p icmp --icmp-type ping -j DROP', ['meta l4proto == 1 ; icmp.type == 8 ; drop']],
    ['-A FORWARD -j REJECT', ['reject icmp 3/3']],
    ['-A FORWARD -m dscp --dscp-class AF41 -j DROP', ['ip.dscp == 34 ; drop']],
    ['-A FORWARD -m comment --comment --odd -j DROP', ['ignored <--odd> ; drop']],
    ['-A FORWARD -m conntrack --ctstatus NONE -j DROP', ['ct status in {  } ; drop']],
    [
      '-A FORWARD -m conntrack ! --ctstate DNAT -j DROP',
      [
        'ct state in { invalid, untracked } ; drop',
        'ct state not in { invalid, untracked } ; ct status not in { dnat } ; drop',
      ],
    ],
    [
      '-A FORWARD -m conntrack --ctstate INVALID --ctdir REPLY -j DROP',
      [
        'ct state in { invalid } ; ct state in { invalid, untracked } ; drop',
        'ct state in { invalid } ; ct state not in { invalid, untracked } ; ct direction == "reply" ; drop',
      ],
    ],
    [
      '-A FORWARD -m conntrack --ctstate NEW --ctdir REPLY -j DROP',
      ['ct state in { new } ; ct direction == "reply" ; drop'],
    ],
  ])('%s', (line, expected) => {
    expect(forward(line)).toEqual(expected);
  });

  it.each([
    ['--set-xmark 0x5/0xf', '((meta mark & 0xfffffff0) ^ 5)'],
    ['--set-xmark 0x5', '5'],
    ['--set-mark 0x15/0xf', '((meta mark & 0xffffffe0) ^ 21)'],
    ['--and-mark 0xff', '(meta mark & 255)'],
    ['--or-mark 0x3', '((meta mark & 0xfffffffc) ^ 3)'],
    ['--xor-mark 0x3', '(meta mark ^ 3)'],
    ['--set-xmark 0x0/0x0', 'meta mark'],
  ])('-j MARK %s', (option, value) => {
    expect(chainOf(`*mangle\n-A PREROUTING -j MARK ${option}\n`, 'mangle', 'PREROUTING')).toEqual([
      `meta mark = ${value}`,
    ]);
  });

  it('takes the directions of a set match for what the set holds', () => {
    const line = '-A FORWARD -m set --match-set s src,dst -j DROP';
    expect(forward(line)).toEqual(['ip.saddr . meta l4proto . th.dport in ipset s ; drop']);
    expect(forward(line, 4, 'create s hash:net,iface\nadd s 10.0.0.0/8,eth0')).toEqual([
      'ip.saddr . meta oifname in ipset s ; drop',
    ]);
    expect(forward(line, 4, 'create s hash:net,net\nadd s 10.0.0.0/8,10.1.0.0/16')).toEqual([
      'ip.saddr . ip.daddr in ipset s ; drop',
    ]);
    expect(forward(line, 6, 'create s hash:ip family inet6\nadd s 2001:db8::1')).toEqual([
      'ip6.saddr in ipset s ; drop',
    ]);
    expect(forward(line, 4, 'create s hash:ip,port,ip\nadd s 10.0.0.1,22,10.0.0.2')).toEqual(['0 in {  } ; drop']);
    expect(forward(line, 4, 'create s bitmap:port range 0-99\nadd s 80')).toEqual(['th.sport in ipset s ; drop']);
    expect(forward(line, 4, 'create s hash:ip,mark\nadd s 10.0.0.1,0x5')).toEqual([
      'ip.saddr . meta mark in ipset s ; drop',
    ]);
  });

  it('says when a set is not there, if sets were given', () => {
    const text = '*filter\n-A INPUT -m set --match-set s src -j DROP';
    expect(parseIptablesSave(text, 'x', 4).diagnostics).toEqual([]);
    expect(parseIptablesSave(text, 'x', 4, new Map()).diagnostics.map((d) => d.code)).toEqual(['set-missing']);
  });

  it('follows the lines of a script', () => {
    const script = [
      '#!/bin/sh',
      'iptables -P FORWARD DROP',
      'iptables -N mine # a chain',
      'sudo /usr/sbin/iptables -w -A FORWARD -i tun0 -j mine',
      'iptables -I FORWARD -i lo -j ACCEPT',
      'iptables -I FORWARD 2 -i eth9 -j DROP',
      'ip6tables -A FORWARD -j DROP',
      "iptables -t nat -A POSTROUTING -s 10.8.0.0/24 -o eth0 -m comment --comment 'out' -j MASQUERADE",
      'iptables -t mangle -A OUTPUT -j DROP',
      'iptables -t mangle -F OUTPUT',
      'iptables-legacy -A INPUT -s10.0.0.9 -jDROP',
    ].join('\n');
    const { value, diagnostics } = parseIptablesSave(script, 'rules.sh', 4);
    expect(diagnostics).toEqual([]);
    expect(value.map(describeTable).join('')).toBe(
      [
        'table ip filter',
        '  chain FORWARD filter forward 0 drop',
        '    5: meta iifname == "lo" ; accept',
        '    6: meta iifname == "eth9" ; drop',
        '    4: meta iifname == "tun0" ; jump mine',
        '  chain mine',
        '  chain INPUT filter input 0 accept',
        '    11: ip.saddr == 10.0.0.9 ; drop',
        'table ip nat',
        '  chain POSTROUTING nat postrouting 100 accept',
        '    8: ip.saddr in { 10.8.0.0/24 } ; meta oifname == "eth0" ; ignored <out> ; masquerade',
        'table ip mangle',
        '  chain OUTPUT route output -150 accept',
        '',
      ].join('\n'),
    );
  });

  it('says that the policy of a chain it never saw is assumed', () => {
    const { value } = parseIptablesSave('iptables -A INPUT -j DROP', 'x', 4);
    expect(value[0]!.chains.get('INPUT')).toMatchObject({ hook: { policy: 'accept' }, fact: { source: 'assumption' } });
  });

  it.each([
    ['-A FORWARD -s 10.0.0.300 -j DROP', 'error value-invalid 1:12+13'],
    ['-A FORWARD -s 2001:db8::1 -j DROP', 'error value-invalid 1:12+14'],
    ['-A FORWARD -s ! 10.0.0.1 -j DROP', 'error value-invalid 1:12+13'],
    ['-A FORWARD ! -s 10.0.0.1,10.0.0.2 -j DROP', 'error value-invalid 1:12+22'],
    ['-A FORWARD -p tcp --dport 90:80 -j DROP', 'error value-invalid 1:19+13'],
    ['-A FORWARD -p tcp --dport 65536 -j DROP', 'error value-invalid 1:19+13'],
    ['-A FORWARD -p icmp --icmp-type 3/1/2 -j DROP', 'error value-invalid 1:20+17'],
    ['-A FORWARD ! -p all -j DROP', 'error value-invalid 1:12+8'],
    ['-A FORWARD -j MARK', 'error value-invalid 1:15+4'],
    ['-A FORWARD -m geoip --source-country CN -j DROP', 'warning line-not-modelled 1:15+25'],
    ['-A FORWARD -m nosuch --x 1 -j DROP', 'warning line-unknown 1:15+6'],
    ['-A FORWARD -p tcp -m udp --nosuch 1 -j DROP', 'warning line-unknown 1:26+10'],
    ['-A FORWARD -j NOSUCH --x 1', 'warning line-unknown 1:15+6'],
    ['-A FORWARD -j nosuch', 'warning chain-missing 1:15+6'],
    ['-A FORWARD -p udp -j NFQUEUE --queue-num 2', 'warning line-not-modelled 1:22+7'],
    ['-D FORWARD 3', 'warning line-not-modelled 1:1+12'],
    ['*nosuch\n:a - [0:0]\n-A a -j DROP', 'warning line-unknown 1:1+7'],
    ['echo 1 > /proc/sys/net/ipv4/ip_forward', 'warning line-unknown 1:1+38'],
    ["# Table `filter' is incompatible, use 'nft' tool.", 'warning line-not-modelled 1:1+49'],
    ['*filter\n:FORWARD MAYBE [0:0]', 'error value-invalid 2:1+20'],
  ])('reports %s', (text, expected) => {
    expect(diagnostics(text)).toEqual([expected]);
  });

  it('keeps a rule that it does not understand as one that may match', () => {
    expect(forward('-A FORWARD -s 10.0.0.300 -j DROP')).toEqual(['unmodelled-match <-s 10.0.0.300> ; drop']);
    expect(forward('-A FORWARD -m nosuch --x 1 -j DROP')).toEqual(['unmodelled-match <-m nosuch --x 1> ; drop']);
    expect(forward('-A FORWARD -j NOSUCH --x 1')).toEqual(['unmodelled-target <-j NOSUCH --x 1>']);
    expect(forward('-A FORWARD -j nosuch')).toEqual(['unmodelled-target <-j nosuch>']);
    expect(forward('-A FORWARD stray -j DROP')).toEqual(['unmodelled-match <stray> ; drop']);
  });

  it('breaks a cycle of chains and says so', () => {
    const text = '*filter\n:a - [0:0]\n:b - [0:0]\n-A a -j b\n-A b -g a\nCOMMIT';
    const { value, diagnostics: found } = parseIptablesSave(text, 'x', 4);
    expect(found.map((d) => [d.code, d.span?.line])).toEqual([['chain-cycle', 5]]);
    expect(describeTable(value[0]!)).toContain('5: unmodelled-target <-j a>');
  });

  it('tells SNAT from DNAT in NETMAP by the chain, and leaves it open in others', () => {
    const text =
      '*nat\n:mine - [0:0]\n-A mine -j NETMAP --to 10.1.0.0/24\n-A OUTPUT -j NETMAP --to 10.1.0.0/24\n-A INPUT -j NETMAP --to 10.1.0.0/24';
    expect(chainOf(text, 'nat', 'OUTPUT')).toEqual(['dnat netmap 10.1.0.0/24']);
    expect(chainOf(text, 'nat', 'INPUT')).toEqual(['snat netmap 10.1.0.0/24']);
    expect(chainOf(text, 'nat', 'mine')).toEqual(['unmodelled-target <-j NETMAP --to 10.1.0.0/24>']);
  });

  it('keeps a second section of the same table apart', () => {
    const text = '*filter\n:INPUT DROP [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n';
    expect(parseIptablesSave(text, 'x', 4).value.map((t) => t.chains.get('INPUT')!.hook!.policy)).toEqual([
      'drop',
      'accept',
    ]);
  });
});
