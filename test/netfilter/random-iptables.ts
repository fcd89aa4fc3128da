import type { RandomSource } from './random-source.ts';
import { FAR, OWN } from './random-values.ts';

const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Matches that any chain may have. `protocol`: one of these was already named. */
function randomMatch(r: RandomSource, family: 4 | 6): string {
  const not = r.chance(25) ? '! ' : '';
  const words = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'];
  const block =
    family === 4
      ? r.pick(['10.0.0.0/24', '10.1.0.8/31', '10.0.0.0/8'])
      : r.pick(['fd00::/64', 'fd00:1::/64', 'fd00::/16']);
  const one = r.pick([...FAR[family], ...OWN[family]]);
  switch (r.int(11)) {
    case 0:
      return `${not}-s ${r.chance(50) ? block : one}`;
    case 1:
      return `${not}-d ${r.chance(50) ? block : one}`;
    case 2:
      return `-m conntrack ${not}--ctstate ${[...new Set([r.pick(words), r.pick(words)])].join(',')}`;
    case 3:
      return `-m conntrack --ctstatus ${r.pick(['SEEN_REPLY', 'ASSURED', 'CONFIRMED'])}`;
    case 4:
      return `-m mark ${not}--mark ${r.pick(['0x1', '0x0', '0x10/0xf0', '0x1/0x3'])}`;
    case 5:
      return `-m connmark ${not}--mark ${r.pick(['0x1', '0x0', '0x20/0x20'])}`;
    case 6:
      return `-m addrtype ${not}--dst-type ${r.pick(family === 4 ? ['LOCAL', 'UNICAST', 'BROADCAST'] : ['LOCAL'])}`;
    case 7:
      return `-m conntrack --ctorigsrc ${one}`;
    case 8:
      return `-m conntrack --ctdir ${r.pick(['ORIGINAL', 'REPLY'])}`;
    case 9:
      return `-m conntrack --ctstate ${r.pick(['SNAT', 'DNAT', 'DNAT,NEW'])}`;
    default:
      return `-m comment --comment "a b"`;
  }
}

function protocolMatch(r: RandomSource, family: 4 | 6): string {
  const not = r.chance(25) ? '! ' : '';
  const proto = r.pick(['tcp', 'udp']);
  switch (r.int(6)) {
    case 0:
      return `-p ${proto} -m ${proto} ${not}--dport ${r.pick(['80', '443', '80:443', '1000:'])}`;
    case 1:
      return `-p ${proto} -m ${proto} ${not}--sport ${r.pick(['80', '1001', '1000:1002'])}`;
    case 2:
      return `-p ${proto} -m multiport ${not}--${r.pick(['dports', 'sports', 'ports'])} 80,443,1000:1001`;
    case 3:
      return r.chance(50) ? '-p tcp -m tcp --syn' : `-p tcp -m tcp ${not}--tcp-flags SYN,ACK,RST SYN`;
    case 4:
      return family === 4
        ? `-p icmp -m icmp --icmp-type ${r.pick(['8', '0', '3', '3/1'])}`
        : `-p ipv6-icmp -m icmp6 --icmpv6-type ${r.pick(['128', '129', '1', '1/3'])}`;
    default:
      return `${not}-p ${r.pick(['tcp', 'udp', family === 4 ? 'icmp' : 'ipv6-icmp'])}`;
  }
}

/** Interface matches that the chain allows. */
function interfaceMatch(r: RandomSource, chain: string): string {
  const not = r.chance(30) ? '! ' : '';
  const name = r.pick(['t0', 't1', 't+', 'lo']);
  const sides = { PREROUTING: ['-i'], INPUT: ['-i'], FORWARD: ['-i', '-o'], OUTPUT: ['-o'], POSTROUTING: ['-o'] }[
    chain
  ];
  return sides ? `${not}${r.pick(sides)} ${name}` : '';
}

function natTarget(r: RandomSource, family: 4 | 6, chain: string): string {
  const a = r.pick(FAR[family]);
  const shown = family === 4 ? a : `[${a}]`;
  const tcp = '-p tcp -m tcp';
  if (chain === 'POSTROUTING' && r.chance(50)) return '-j MASQUERADE';
  if (chain === 'POSTROUTING' || chain === 'INPUT') {
    return r.chance(60) ? `-j SNAT --to-source ${a}` : `${tcp} -j SNAT --to-source ${shown}:1443`;
  }
  const netmap = family === 4 ? '10.1.0.0/24' : 'fd00:1::/64';
  if (r.chance(15)) return `-j NETMAP --to ${netmap}`;
  if (r.chance(30)) return `${tcp} -j REDIRECT --to-ports 8080`;
  return r.chance(50) ? `-j DNAT --to-destination ${a}` : `${tcp} -j DNAT --to-destination ${shown}:8080`;
}

function target(r: RandomSource, family: 4 | 6, table: string, chain: string): string {
  const kind = r.int(12);
  if (table === 'nat' && chain in { PREROUTING: 1, INPUT: 1, OUTPUT: 1, POSTROUTING: 1 } && kind < 8)
    return natTarget(r, family, chain);
  if (table === 'raw' && kind < 2) return '-j CT --notrack';
  if (table === 'mangle' && kind < 7) {
    return r.pick([
      '-j MARK --set-xmark 0x1/0xffffffff',
      '-j MARK --set-xmark 0x20/0x20',
      '-j CONNMARK --save-mark',
      '-j CONNMARK --restore-mark',
      '-j CONNMARK --set-xmark 0x1/0x1',
      '-j MARK --or-mark 0x10',
      '-j MARK --and-mark 0xf',
    ]);
  }
  if (table === 'filter' && kind < 2)
    return family === 4
      ? '-j REJECT --reject-with icmp-admin-prohibited'
      : '-j REJECT --reject-with icmp6-adm-prohibited';
  if (kind < 8) return r.pick(['-j ACCEPT', '-j ACCEPT', '-j RETURN', table === 'nat' ? '-j ACCEPT' : '-j DROP']);
  return chain === 'u1' ? '-j RETURN' : r.pick(['-j u1', '-g u1']);
}

function randomRule(r: RandomSource, family: 4 | 6, table: string, chain: string): string {
  const parts: string[] = [];
  if (r.chance(40)) parts.push(interfaceMatch(r, chain));
  const end = target(r, family, table, chain);
  if (!end.includes('-p ') && r.chance(40)) parts.push(protocolMatch(r, family));
  const matches = [randomMatch(r, family), randomMatch(r, family)].filter(() => r.chance(45));
  // An option may stand once in a rule
  const first = matches[0];
  if (first) parts.push(first);
  if (matches[1] && first && kindOf(first) !== kindOf(matches[1])) parts.push(matches[1]);
  return `-A ${chain} ${[...parts, end].filter((p) => p !== '').join(' ')}`;
}

const kindOf = (match: string): string => /-m \w+|-[sd]/.exec(match)?.[0] ?? '';

/** What iptables-restore or ip6tables-restore reads: some tables with random rules. */
export function randomIptables(r: RandomSource, family: 4 | 6): string {
  const tables = Object.keys(BUILT_IN).filter(() => r.chance(60));
  return tables
    .map((table) => {
      const chains = BUILT_IN[table]!;
      const policy = (): string => (table === 'filter' && r.chance(10) ? 'DROP' : 'ACCEPT');
      const heads = [...chains.map((c) => `:${c} ${policy()} [0:0]`), ':u1 - [0:0]'];
      const used = ['u1', ...chains.filter(() => r.chance(50))];
      const rules = used.flatMap((c) => Array.from({ length: 1 + r.int(2) }, () => randomRule(r, family, table, c)));
      return `*${table}\n${[...heads, ...rules].join('\n')}\nCOMMIT\n`;
    })
    .join('');
}
