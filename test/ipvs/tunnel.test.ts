import { describe, expect, it } from 'vitest';
import { loadText } from '../../src/facts/index.ts';
import { runInVm, whyNoVm } from '../support/vm/run-in-vm.ts';
import { ask } from './director.ts';

/** What the page server has, in commands and in the words of a network file, and how connecting ends. */
const CASES = [
  { name: 'no tunnel interface', does: 'true', has: '', ends: 'refused' },
  {
    name: 'a tunnel interface with the address',
    does: 'ip -n page addr add 203.0.113.10/32 dev tunl0; ip -n page link set tunl0 up',
    has: 'interfaces: { tunl0: 203.0.113.10/32 },',
    ends: 'answered',
  },
  {
    name: 'a strict source check there',
    does: 'ip netns exec page sh -c "echo 1 >/proc/sys/net/ipv4/conf/tunl0/rp_filter"',
    has: 'interfaces: { tunl0: 203.0.113.10/32 }, settings: { net.ipv4.conf.tunl0.rp_filter: 1 },',
    ends: 'no-answer',
  },
] as const;

// visitor - www on one wire, www - page on another, and page has a wire of its own to the visitor for its answers
const SCRIPT = `
cat >/tmp/connect.py <<'PYTHON'
import socket, sys
s = socket.socket()
s.settimeout(4)
try:
    s.connect((sys.argv[1], 80))
    print("= answered")
except TimeoutError:
    print("= no-answer")
except OSError:
    print("= refused")
PYTHON
for n in visitor www page; do ip netns add $n; ip -n $n link set lo up; done
wire() { ip link add $2 netns $1 type veth peer name $5 netns $4; ip -n $1 addr add $3 dev $2; ip -n $4 addr add $6 dev $5
  ip -n $1 link set $2 up; ip -n $4 link set $5 up; }
wire visitor eth0 198.51.100.10/24 www eth0 198.51.100.1/24
wire www eth1 10.10.10.254/24 page eth0 10.10.10.5/24
wire visitor eth1 192.0.2.1/24 page eth1 192.0.2.2/24
ip -n www addr add 203.0.113.10/32 dev lo
ip -n visitor route add default via 198.51.100.1
ip -n page route add 198.51.100.0/24 via 192.0.2.1
for n in visitor www page; do ip netns exec $n sh -c 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$f; done'; done
ip netns exec www ipvsadm -A -t 203.0.113.10:80 -s rr
ip netns exec www ipvsadm -a -t 203.0.113.10:80 -r 10.10.10.5:80 -i
ip link add any type ipip remote 127.0.0.1 # loads the module, and with it comes tunl0
ip netns exec page python3 -m http.server 80 >/dev/null 2>&1 &
until ip netns exec page python3 /tmp/connect.py 10.10.10.5 | grep -q answered; do sleep 1; done
${CASES.map((c) => `${c.does}\nip netns exec visitor python3 /tmp/connect.py 203.0.113.10`).join('\n')}
`;

const network = (
  has: string,
  director = 'filter: none',
  service = '-t 203.0.113.10:80',
  method = '-i',
): Parameters<typeof ask>[0] =>
  loadText(
    `
networks: { home: 198.51.100.0/24, pages: 10.10.10.0/24, side: 192.0.2.0/24 }
hosts:
  visitor: { on: { home: 198.51.100.10, side: 192.0.2.1 }, routes: [default via 198.51.100.1], filter: none }
  www:
    on: { home: 198.51.100.1, pages: 10.10.10.254 }
    interfaces: { lo: 203.0.113.10/32 }
    routes: []
    ${director}
    ipvs: "-A ${service} -s rr\\n-a ${service} -r 10.10.10.5:80 ${method}\\n"
  page: { on: { pages: 10.10.10.5, side: 192.0.2.2 }, ${has} routes: [198.51.100.0/24 via 192.0.2.1], filter: none }
`,
    'tunnel.yaml',
    { read: () => null, list: () => [] },
  ).value;

it('a director that tracks sees one half of a connection, and calls what follows invalid', () => {
  // the kernel says the same in test/guard/balancer/direct-checks.ts
  const marks = '*mangle\\n-A PREROUTING -p tcp -j MARK --set-mark 2000\\nCOMMIT\\n';
  const drops = '*filter\\n-A INPUT -m conntrack --ctstate INVALID -j DROP\\nCOMMIT\\n';
  const tracks = 'settings: { net.ipv4.vs.conntrack: 1 }';
  const has = 'interfaces: { lo: 203.0.113.10/32 },';
  const verdict = (rules: string) => ask(network(has, `iptables: "${rules}"\n    ${tracks}`, '-f 2000', '-g')).verdict;
  expect(verdict(marks)).toBe('answered');
  expect(verdict(marks + drops)).toBe('no-answer');
  expect(verdict(marks + drops.replace('-A INPUT', '-A INPUT -p tcp --dport 80 -j ACCEPT\\n-A INPUT'))).toBe(
    'answered',
  );
});

describe('a tunnel to a real server', () => {
  it.each(CASES)('$name', ({ has, ends }) => {
    expect(ask(network(has)).verdict).toBe(ends);
  });

  it.skipIf(whyNoVm(['ipvsadm', 'python3']) !== null)('ends so in the kernel', { timeout: 200_000 }, async () => {
    const { output } = await runInVm(SCRIPT, 180_000);
    const ended = [...output.matchAll(/^= (.+)$/gm)].map((m) => m[1]);
    expect(ended, output).toEqual(CASES.map((c) => c.ends));
  });
});
