import type { NetworkSpec, ProbeSpec } from '../conformance/spec.ts';
import { directorSpec, MARKS, marking, tcp, VIP, VIP6, type DirectorSpec } from './director-spec.ts';

/** A virtual server by mark with its real servers, as lines for ipvsadm. */
const byMark = (mark: number, ...servers: readonly string[]): string[] => [
  `-A -f ${mark} -s wlc`,
  ...servers.map((s) => `-a -f ${mark} -r ${s}`),
];
const byAddress = (address: string, ...servers: readonly string[]): string[] => [
  `-A -t ${address} -s rr`,
  ...servers.map((s) => `-a -t ${address} -r ${s}`),
];

const VISITOR = marking('198.51.100.10/32');
const VISITOR6 = marking('2001:db8:100::10/128');
const CONNTRACK: NonNullable<DirectorSpec['settings']> = [['ipv4/vs/conntrack', '1']];
const DROP_INVALID = ['-A FORWARD -m conntrack --ctstate INVALID -j DROP'];
const MASQUERADE = ['-A POSTROUTING -o eth1 -j MASQUERADE'];

const asked = (...ports: readonly number[]): ProbeSpec[] => ports.map((p) => tcp(p));
const udp = (port: number): ProbeSpec => ({ ...tcp(port), protocol: 'udp' });
const ping = (destination: string): ProbeSpec => ({ ...tcp(0, destination), protocol: 'icmp' });

/** Everything that needs no setting: one virtual server a mark. */
const plain: DirectorSpec = {
  name: 'plain',
  rules: { mangle: [...VISITOR, '-A PREROUTING -p tcp -m tcp --dport 1008 -j MARK --set-mark 0x103f0'] },
  rules6: { mangle: VISITOR6 },
  more: {
    rules: [
      { family: 4, priority: 5, action: 'unreachable', to: '10.10.10.78/32' },
      // a real server is looked for without the packet's mark
      { family: 4, priority: 6, action: 'blackhole', mark: 1015, to: '10.10.10.1/32' },
    ],
  },
  ipvs: [
    ...byMark(1001, '10.10.10.1:0 -m', '10.10.10.2:0 -m'),
    ...byMark(1002, '10.10.10.1:8080 -m'),
    ...['-A -f 1003 -s rr -p 300', '-a -f 1003 -r 10.10.10.1:8080 -m'],
    ...byMark(1004, '10.10.10.1:0 -m -w 0', '10.10.10.2:0 -m -w 1'),
    ...byMark(1005, '10.10.10.1:0 -m -w 0'),
    ...byMark(1006),
    ...['-A -f 1007 -s sh', '-a -f 1007 -r 10.10.10.1:0 -m -w 0'],
    ...byMark(1008, '10.10.10.1:0 -m'),
    ...byMark(1009, '10.10.10.77:0 -m'),
    ...byMark(1010, '10.10.10.254:8080 -m'),
    ...byMark(1011, `${VIP}:0 -g`),
    ...byMark(1012, '127.0.0.1:8080 -m'),
    ...byMark(1013, '10.10.10.1:0 -m'),
    ...byMark(1014, '10.10.10.78:0 -m'),
    ...byMark(1015, '10.10.10.1:0 -m'),
    ...byAddress(`${VIP}:1013`, '10.10.10.2:1013 -m'),
    ...byAddress(`${VIP}:80`, '10.10.10.1:8080 -m'),
    ...[`-A -u ${VIP}:53 -s rr`, `-a -u ${VIP}:53 -r 10.10.10.1:53 -m`],
    ...[`-A -u ${VIP}:54 -s rr -o`, `-a -u ${VIP}:54 -r 10.10.10.1:54 -m`],
    ...['-A -f 1016 -s sh -b sh-fallback', '-a -f 1016 -r 10.10.10.1:0 -m -w 0', '-a -f 1016 -r 10.10.10.2:0 -m'],
    ...['-A -f 1001 -6 -s wlc', '-a -f 1001 -6 -r [fd00:10::1]:0 -m'],
    ...byAddress(`[${VIP6}]:80`, '[fd00:10::1]:8080 -m'),
    ...byAddress(`[${VIP6}]:443`),
  ],
  probes: [
    ...asked(...MARKS, 80, 443),
    ...[tcp(1001), tcp(1001, VIP, 'isp'), tcp(80, VIP, 'isp'), tcp(1013, VIP, 'isp')],
    ...[tcp(80, VIP, 'www'), tcp(443, VIP, 'www'), tcp(80, VIP, 'page1'), tcp(80, VIP, 'page2')],
    ...[tcp(1001, '10.10.10.2'), udp(53), udp(54), ping(VIP)],
    ...[tcp(1001, VIP6), tcp(1002, VIP6), tcp(80, VIP6), tcp(443, VIP6), tcp(1003, VIP6), ping(VIP6)],
  ],
};

const CASES: readonly DirectorSpec[] = [
  plain,
  {
    name: 'a firewall that drops what connection tracking calls invalid',
    rules: { mangle: VISITOR, filter: [...DROP_INVALID, '-A OUTPUT -d 10.10.10.2/32 -j REJECT'] },
    ipvs: [
      ...byMark(1001, '10.10.10.1:0 -m'),
      ...byMark(1002, '10.10.10.2:0 -m'),
      ...byMark(1003, '10.10.10.254:8080 -m'),
    ],
    probes: asked(1001, 1002, 1003, 80),
  },
  {
    name: 'the same with vs.conntrack, masqueraded',
    rules: { mangle: VISITOR, filter: DROP_INVALID, nat: MASQUERADE },
    settings: CONNTRACK,
    page1: null,
    ipvs: [
      ...byMark(1001, '10.10.10.1:0 -m'),
      ...byMark(1002, '10.10.10.2:8080 -m'),
      ...byMark(1003, '10.10.10.254:8080 -m'),
    ],
    probes: asked(1001, 1002, 1003, 80),
  },
  {
    name: 'masqueraded without vs.conntrack, and a redirect before',
    rules: {
      mangle: VISITOR,
      filter: [
        '-A INPUT -p tcp -m tcp --dport 1003 -j DROP',
        '-A FORWARD -s 10.10.10.2/32 -p tcp -m tcp --sport 1004 -j DROP',
      ],
      nat: [...MASQUERADE, '-A PREROUTING -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 80'],
    },
    page1: null,
    ipvs: [
      ...byMark(1001, '10.10.10.1:0 -m'),
      ...byMark(1002, '10.10.10.2:0 -m'),
      ...byMark(1003, '10.10.10.2:0 -m'),
      ...byMark(1004, '10.10.10.2:0 -m'),
      ...byAddress(`${VIP}:80`, '10.10.10.2:8080 -m'),
    ],
    probes: asked(1001, 1002, 1003, 1004, 443, 80),
  },
  {
    name: 'direct, and a page server that answers by another way',
    rules: { mangle: VISITOR },
    direct: true,
    page1: '10.10.10.253',
    ipvs: [
      ...byMark(1001, '10.10.10.1:0 -g'),
      ...byMark(1002, '10.10.10.2:0 -g'),
      ...byMark(1003, '10.10.10.1:0 -m'),
      ...byAddress(`[${VIP6}]:80`, '[fd00:10::1]:80 -g'),
    ],
    probes: [...asked(1001, 1002, 1003, 80), tcp(80, VIP6)],
  },
  {
    name: 'direct with vs.conntrack, behind firewalls that drop what connection tracking calls invalid',
    rules: {
      mangle: VISITOR,
      filter: [...DROP_INVALID, '-A INPUT -p tcp -m tcp ! --dport 1002 -m conntrack --ctstate INVALID -j DROP'],
    },
    settings: CONNTRACK,
    direct: true,
    ipvs: [...byMark(1001, '10.10.10.1:0 -g'), ...byMark(1002, '10.10.10.2:0 -g'), ...byMark(1003, '10.10.10.1:0 -m')],
    probes: asked(1001, 1002, 1003),
  },
  {
    name: 'direct without vs.conntrack, behind the same',
    rules: { mangle: VISITOR, filter: [...DROP_INVALID, '-A INPUT -m conntrack --ctstate INVALID -j DROP'] },
    direct: true,
    ipvs: [...byMark(1001, '10.10.10.1:0 -g'), ...byMark(1003, '10.10.10.1:0 -m')],
    probes: asked(1001, 1003),
  },
  {
    name: 'forwarding off, answers not rerouted, connections picked up late',
    rules: { mangle: VISITOR },
    settings: [['ipv4/ip_forward', '0'], ['ipv4/vs/snat_reroute', '0'], ['ipv4/vs/sloppy_tcp', '1']], // prettier-ignore
    ipvs: [
      ...byMark(1001, '10.10.10.1:0 -m'),
      ...byMark(1002, '10.10.10.254:8080 -m'),
      ...byMark(3000, '10.10.10.1:0 -m'),
    ],
    probes: asked(1001, 1002, 1004),
  },
  {
    name: 'a site behind the director, marked packets taken in by a rule; real servers without the address',
    rules: { mangle: VISITOR },
    more: {
      rules: [{ family: 4, priority: 5, action: 'table', table: 200, mark: 1001 }],
      routes: [{ prefix: '0.0.0.0/0', type: 'local', dev: 'lo', table: 200, scope: 'host' }],
    },
    ipvs: [
      ...byMark(1001, '10.10.10.1:0 -m'),
      ...byMark(1002, '10.10.10.1:0 -m'),
      ...byMark(1003, '10.10.10.1:0 -g'),
      ...[`-A -t ${VIP}:0 -s rr -p 60`, `-a -t ${VIP}:0 -r 10.10.10.2:0 -m`],
    ],
    probes: [tcp(1001, '10.10.10.2'), tcp(1002, '10.10.10.2'), tcp(443, '10.10.10.2'), ...asked(1003, 80, 443)],
  },
];

/** Director networks that the kernel and the model are both asked about. */
export const directorNetworks = (): readonly NetworkSpec[] => CASES.map(directorSpec);
