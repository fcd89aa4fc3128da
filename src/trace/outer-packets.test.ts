import { describe, expect, it } from 'vitest';
import { loadText } from '../facts/index.ts';
import { formatAddress, parseAddress } from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import { roundTrip } from './round-trip.ts';
import type { RoundTrip, Trace } from './index.ts';

interface Edits {
  readonly router?: string;
  readonly laptop?: string;
  readonly server?: string;
  readonly remote?: string;
}

const network = ({ router = '', laptop = '', server = '', remote = '203.0.113.1' }: Edits): Network => {
  const yaml = `
networks: { office: 10.5.5.0/24, internet: internet }
hosts:
  router:
    on: { office: 10.5.5.1, internet: 203.0.113.1 }
    forwards: true
    routes: [default via 203.0.113.254, 10.8.0.0/24 via 10.5.5.5]
    iptables: |
      *nat
      ${router}
      -A POSTROUTING -o eth1 -j MASQUERADE
      COMMIT
  server:
    on: { office: 10.5.5.5 }
    forwards: true
    routes: [default via 10.5.5.1${server}]
    filter: none
    openvpn: "dev tun0\\ntopology subnet\\nserver 10.8.0.0 255.255.255.0\\npush \\"route 10.5.5.0 255.255.255.0\\"\\n"
  laptop:
    on: { internet: 198.51.100.10 }
    routes: [default via 198.51.100.1${laptop}]
    filter: none
    openvpn: "client\\ndev tun0\\nremote ${remote} 1194\\n"
`;
  const loaded = loadText(yaml, 'net.yaml', { read: () => null, list: () => [] });
  expect(loaded.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return loaded.value;
};

function ask(edits: Edits, from: string, to: string): RoundTrip {
  const destination = parseAddress(to);
  if (!destination.ok) throw new Error(to);
  const ping = { protocol: 'icmp', destinationPort: 0, sourcePort: 1 } as const;
  return roundTrip(network(edits), { from, destination: destination.value, ...ping });
}

/** What carried the packet through the tunnel: its addresses at the start, its hosts, whether it came through. */
const carriersOf = (trace: Trace | null): readonly string[] =>
  (trace?.hops ?? [])
    .flatMap((h) => h.steps)
    .flatMap(({ action: a }) => {
      if (a.kind !== 'carried') return [];
      const { source, destination, destinationPort } = a.trace.hops[0]!.after;
      const hosts = a.trace.hops.map((h) => h.host).join(' ');
      return `${formatAddress(source)} > ${formatAddress(destination)}:${destinationPort} ${hosts} ${a.arrives}`;
    });

const DNAT = '-A PREROUTING -i eth1 -p udp --dport 1194 -j DNAT --to-destination 10.5.5.5';

describe('what carries a tunnel', () => {
  it('is translated and filtered on its way like any packet, and answered by its connection', () => {
    const trip = ask({ router: DNAT }, 'laptop', '10.8.0.1');
    expect(trip.verdict).toBe('answered');
    expect(carriersOf(trip.forward)).toEqual(['198.51.100.10 > 203.0.113.1:1194 laptop router server true']);
    expect(carriersOf(trip.return)).toEqual(['10.5.5.5 > 198.51.100.10:0 server router laptop true']);
  });
  it('decides nothing where it is lost: that the tunnel is up is known', () => {
    const trip = ask({}, 'laptop', '10.8.0.1');
    expect(trip.verdict).toBe('answered');
    expect(carriersOf(trip.forward)).toEqual(['198.51.100.10 > 203.0.113.1:1194 laptop router false']);
    expect(carriersOf(trip.return)).toEqual([]);
  });
  it('is not known where the server has a name only', () => {
    const trip = ask({ router: DNAT, remote: 'vpn.example.org' }, 'laptop', '10.8.0.1');
    expect([trip.verdict, ...carriersOf(trip.forward)]).toEqual(['answered']);
  });
  it.each([
    ['laptop', { laptop: ', 203.0.113.1 via 10.8.0.1 dev tun0' }, 'laptop', '10.8.0.1'],
    ['server', { server: ', 198.51.100.0/24 via 10.8.0.2 dev tun0' }, 'server', '10.8.0.2'],
  ])('may not enter the tunnel itself: %s', (_, edits, from, to) => {
    const trip = ask({ router: DNAT, ...edits }, from, to);
    expect(trip.verdict).toBe('no-answer');
    expect(trip.forward.outcome).toBe('tunnel-down');
    expect(trip.forward.hops.at(-1)!.steps.at(-1)!).toMatchObject({
      action: { kind: 'tunnel-refused', why: 'recursive' },
      because: [{ text: expect.stringContaining('dev tun0') as string }],
    });
  });
});
