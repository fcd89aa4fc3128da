import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Route } from '../model/index.ts';
import { parseRouteWords } from './iproute2/index.ts';
import type { RouteDialect } from './route-dialect.ts';
import { ROUTE_DIALECTS } from './route-dialects.ts';
import { withinLimits } from './within-limits.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'x', line: 1 }).value!;

/** What is asked of every language, each as a route that has it. */
const COLUMNS: readonly (readonly [string, string])[] = [
  ['IPv4', '10.67.0.0/16 via 192.168.120.254'],
  ['IPv6', '2001:db8:67::/48 via 2001:db8::1'],
  ['default', 'default via 192.168.120.254'],
  ['link-local', '2001:db8:67::/48 via fe80::1 dev tun0'],
  ['no gateway', '10.67.0.0/16 dev tun0'],
  ['gateway and interface', '10.67.0.0/16 via 192.168.120.254 dev tun0'],
  ['several', '10.67.0.0/16 nexthop via 192.168.120.2 weight 1 nexthop via 192.168.120.3 weight 1'],
  ['metric', '10.67.0.0/16 via 192.168.120.254 metric 50'],
  ['table', '10.67.0.0/16 via 192.168.120.254 table 100'],
  ['source', '10.67.0.0/16 via 192.168.120.254 src 192.168.120.1'],
  ['MTU', '10.67.0.0/16 via 192.168.120.254 mtu 1400'],
  ['unreachable', 'unreachable 10.67.0.0/16'],
  ['prohibit', 'prohibit 10.67.0.0/16'],
  ['blackhole', 'blackhole 10.67.0.0/16'],
  ['throw', 'throw 10.67.0.0/16'],
];

/** `yes` when a route that is printed reads back as the very same, `part` when something of it is said to be lost. */
function mark(dialect: RouteDialect, words: string): string {
  const asked = route(words);
  const { route: said, cannot } = withinLimits(asked, dialect.limits);
  if (!said) return '–';
  const [read] = dialect.parse(dialect.print([said]), 'x').value;
  expect({ ...read, fact: null }).toEqual({ ...said, fact: null });
  return cannot.length === 0 ? 'yes' : 'part';
}

describe('docs/dialects.md', () => {
  it('says what the languages print and read back', async () => {
    const rows = ROUTE_DIALECTS.map(
      (d) => `| \`${d.name}\` | ${[d.title, ...COLUMNS.map(([, words]) => mark(d, words))].join(' | ')} |`,
    );
    const heads = ['name', 'language', ...COLUMNS.map(([head]) => head)];
    const table = [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`, ...rows].join('\n');
    const others = ROUTE_DIALECTS.filter((d) => d.words.length > 0).map((d) => `\`${d.name}\`: ${d.words.map((w) => `\`${w}\``).join(', ')}`); // prettier-ignore
    const text = `# Languages of routes

What \`waymark route translate\` reads and prints. \`src/dialect/support-table.test.ts\` writes this file from what each language
printed and read back: change the language, not the table. \`yes\`: the same route comes back; \`part\`: something is left out or
replaced, and said so beside it; \`–\`: it cannot be said at all, and that is said too.

${table}

Who made a route (\`proto\`) is not translated. A metric is Linux's: where a language has a distance, a preference or a priority
instead, the number is carried over and the difference said. Numbers that a language does not take (a distance above 254) are
left out and said. Routes that a system makes by itself, for its own links and addresses, are left out of listings and counted.

A command that takes a route away (\`ip route del\`, \`route delete\`, \`no ip route\`, \`Remove-NetRoute\`, \`delete protocols static\`,
\`/ip/route/remove [find]\`, \`nmcli … -ipv4.routes\`) becomes such a command of the others that have one; of files and pages the lines
are shown that have to go. Junos, VyOS and EdgeOS then lose the whole route, with all its next hops.

Other names for \`--from\` and \`--to\`: ${others.join('; ')}.

Tried against the programs themselves, and what they made was read back or looked at in the kernel: \`route\` and \`ip\` in
network namespaces; systemd-networkd 252 in one; \`netplan generate\` 0.106, \`nmcli --offline\` 1.42, \`ifup -n\` and \`wg-quick
strip\` with random routes; dnsmasq 2.90, whose answer to a DHCP client has the bytes of options 121 and 249. That their parsers
take the lines, and no more, was tried of \`keepalived -t\` and OpenVPN. By their sources and manuals only: macOS, the BSDs,
Windows, the vendors' systems, OpenWrt, ifcfg. The FRITZ!Box pages are from memory.
`;
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/dialects.md'));
  });
});
