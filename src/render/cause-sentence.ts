import type { CauseCode, Finding } from '../diagnose/index.ts';

type Params = Readonly<Record<string, string>>;

/** ` ${before}${value}${after}` when there is a value, else nothing. */
const opt = (value: string | undefined, before: string, after = ''): string =>
  value ? `${before}${value}${after}` : '';

const between = (p: Params): string => (p.source && p.network ? ` from ${p.source} to ${p.network}` : '');

/**
 * One sentence a cause. Keys used: `network` (the prefix concerned), `via` (a gateway), `dev`, `chain`, `setting`, `source`,
 * `destination`, `client`, `tunnel`, `link`, `route`, `table`, `what`, `way` (`out` for what a
 * host sends), `ask` (the command that
 * would settle it). All may be missing.
 */
const SENTENCES: Readonly<Record<CauseCode, (host: string, p: Params) => string>> = {
  'no-return-route': (h, p) =>
    `${h} has no route back to ${p.network ?? p.destination ?? 'the sender'}${opt(p.via, ', so the answer follows the default route to ')}`,
  'client-has-no-route': (h, p) =>
    `${h} has no route to ${p.network ?? p.destination ?? 'the target'}${opt(p.tunnel, ' through ')}`,
  'route-not-installed': (h, p) =>
    `${h} does not have the route to ${p.network ?? 'the target'} that ${p.client ?? 'the server'} pushes: its OpenVPN could not install it, or it was lost since`,
  'network-overlap': (h, p) =>
    p.way === 'out'
      ? `${h} sends what belongs on its own network ${p.network ?? ''} (${p.dev ?? ''}) out of ${p.route ?? 'another interface'}`
      : `${h} is itself in a network with the addresses of ${p.network ?? 'the other one'}${opt(p.dev, ', on ')}`,
  'wrong-netmask': (h, p) =>
    `${h} has a wrong netmask${opt(p.source, ', ')}${opt(p.dev, ' on ')}${opt(p.what, '; the others there make it ')}: it takes what is behind a router for its neighbours`,
  'forwarding-off': (h, p) => `${h} does not forward packets${opt(p.setting, ': ')}`,
  'forward-drop': (h, p) => `the firewall of ${h} drops what it should forward${between(p)}${opt(p.chain, ', in ')}`,
  'forward-reject': (h, p) =>
    `the firewall of ${h} rejects what it should forward${between(p)}${opt(p.chain, ', in ')}`,
  'target-firewall': (h, p) =>
    `the firewall of ${h} itself does not let this ${p.way === 'out' ? 'out to' : 'in from'} ${p.network ?? p.source ?? 'the other side'}${opt(p.chain, ', in ')}`,
  'neighbour-discovery-filtered': (h, p) =>
    `the firewall of ${h} drops IPv6 neighbour ${p.what ?? 'discovery'}s${opt(p.chain, ', in ', ',')} so nobody finds ${p.destination ?? 'its neighbours'} on the link`,
  'target-no-gateway': (h, p) =>
    `${h} has no default gateway, so it cannot answer ${p.network ?? p.destination ?? 'the sender'}`,
  'target-other-gateway': (h, p) =>
    `${h} answers through another gateway${opt(p.via, ', ', ',')} than the packet came by`,
  'dead-next-hop': (h, p) => `the next hop ${opt(p.via, '', ' ')}of ${h}${opt(p.network, ' for ')} does not exist`,
  'wrong-next-hop': (h, p) =>
    `a route of ${h}${opt(p.network, ', ', ',')} leads to ${p.via ?? 'a box'}, which passes nothing on`,
  'multipath-leg': (h, p) =>
    `one of the equal next hops of ${h}${opt(p.network, ' for ')} leads nowhere${opt(p.via, ': ')}; what takes another one gets there`,
  'reverse-path-filter': (h, p) =>
    `${h} drops packets from ${p.source ?? p.network ?? 'the sender'}${opt(p.dev, ' on ')}: its own way back is another (rp_filter)`,
  'source-unknown-to-router': (h, p) =>
    `${h} has no way back to ${p.source ?? p.network ?? 'the source address'}, so it drops the packet`,
  'stateful-half-flow': (h) => `${h} sees only half of the connection, calls the packet invalid and drops it`,
  'no-route': (h, p) => `${h} has no route to ${p.network ?? p.destination ?? 'the destination'}`,
  'policy-route': (h, p) =>
    `a policy rule of ${h} asks table ${p.table ?? 'another than main'}, which has no route to ${p.network ?? p.destination ?? 'the destination'}`,
  'blackhole-route': (h, p) => `a route of ${h} throws the packet away${opt(p.route, ': ')}`,
  'allowed-ip-missing': (h, p) =>
    `WireGuard on ${h} has ${p.network ?? 'the network'} in the allowed IPs of no peer: it lies behind ${p.peer ?? 'one'}`,
  'allowed-ip-elsewhere': (h, p) =>
    `WireGuard on ${h} has ${p.network ?? 'the network'} in the allowed IPs of ${p.owner ?? 'another peer'}, and it lies behind ${p.peer ?? 'one'}`,
  'peer-without-endpoint': (h, p) =>
    `WireGuard on ${h} does not know where ${p.peer ?? 'the peer'} is: it has no endpoint, and was not heard from`,
  'iroute-missing': (h, p) =>
    `OpenVPN on ${h} does not know that ${p.network ?? 'the network'} lies behind ${p.client ? `its client ${p.client}` : 'one of its clients'}`,
  'ccd-not-read': (h, p) =>
    `OpenVPN on ${h} does not read the client file${opt(p.what, ' ')}, which says that ${p.network ?? 'the network'} lies behind ${p.client ?? 'a client'}: ${UNREAD[p.way ?? ''] ?? 'it is not in use'}`,
  'server-route-missing': (h, p) =>
    `the kernel of ${h} has no route to ${p.network ?? 'the network'}${opt(p.client, ' behind the OpenVPN client ')}: 'route' is missing in the server's configuration`,
  'virtual-peer': (h, p) =>
    `${p.destination ?? 'the address'} is only the far end of the point-to-point interface of ${h} (net30): nobody has it${opt(p.source, ', ask ')}`,
  'tunnel-no-client': (h, p) =>
    `no client of ${p.tunnel ? `the tunnel ${p.tunnel}` : 'the tunnel'} on ${h} owns ${p.network ?? p.destination ?? 'the destination'}`,
  'tunnel-down': (h, p) => `${h} is not connected to the tunnel${opt(p.tunnel, ' ')}`,
  'tunnel-recursive': (h, p) =>
    `${h} sends what carries the tunnel${opt(p.tunnel, ' ')} into the tunnel itself${opt(p.destination, ': its route to ', ' leads there')}`,
  'interface-down': (h, p) => `the interface ${opt(p.dev, '', ' ')}of ${h} that leads there is down`,
  'no-such-host': (h, p) =>
    `nobody answers ${h} for ${p.destination ?? 'the address'}${opt(p.link, ' on ')}: no box there has it, or it is off`,
  'cloud-check': (h, p) =>
    `the cloud's network${opt(p.link, ' ')} drops what ${h} ${p.source ? `sends with the source ${p.source}` : `gets for ${p.destination ?? 'others'}`}: its source/destination check is on`,
  'no-masquerade': (h, p) =>
    `${h} sends a private source address${opt(p.source, ', ', ',')} into the internet: nobody could answer it`,
  'masquerade-elsewhere': (h, p) =>
    `${h} sends a private source address${opt(p.source, ', ', ',')} into the internet by ${p.dev ?? 'an interface'}: its masquerade does not match${opt(p.what, ': ')}`,
  'masquerade-catches': (h, p) =>
    `${h} hides ${p.source ?? 'the sender'} from ${p.network ?? 'the other network'} (masquerade)${opt(p.via, ', behind ')}, and the answer to that does not come back`,
  'answer-astray': (h, p) =>
    `an answer arrives at ${h}${opt(p.source, ' from ')}${opt(p.destination, ' instead of ')}${opt(p.client, ', though ', ' asked')}, so nobody takes it`,
  'real-server-no-return': (h, p) =>
    `${h} does not answer through ${p.client ?? 'the director'}${opt(p.via, ' but by ', ',')} so ${p.source ?? 'the client'} gets an answer from an address that it never asked`,
  'no-real-server': (h, p) => `${p.what ?? 'a virtual server'} on ${h} has no real server left${opt(p.setting, ': ')}`,
  'no-virtual-server': (h, p) =>
    `${h} marks the packet${opt(p.what, ' ', ',')} but no virtual server there takes it${opt(p.setting, ': ')}`,
  'frag-needed-lost': (h, p) =>
    `large packets do not fit through ${p.client ?? 'a router'}${opt(p.dev, ', ')} (${p.setting ?? 'its MTU'}), and ${h} stops the message that says so${opt(p.chain, ', in ')}`,
  'packet-too-big': (h, p) =>
    `the packet${opt(p.what, ' of ')} is larger than ${p.dev ? `${p.dev} of ${h}` : `the next link of ${h}`} carries${opt(p.setting, ', ')}`,
  'impossible-address': (h, p) => `${h} drops the packet for its addresses${opt(p.what, ': ')}`,
  'not-modelled': (h, p) => `${h} has something that is not modelled${opt(p.what, ': ')}`,
  'unknown-box': (h, p) =>
    `${p.via ? `${h} sends it to ${p.via}, of which nothing is known` : `what ${h} does is only assumed`}${opt(p.ask, '; settle it with: ')}`,
};

/** Why a client file is not read. */
const UNREAD: Readonly<Record<string, string>> = {
  'no-directory': 'its configuration names no client-config-dir',
  'other-name': 'the client is called otherwise',
  'not-taken': 'the client connected before it was there, or the file cannot be read',
};

/** The finding in one sentence without full stop, as it stands behind `Cause:` and in the JSON's `summary`. */
export const causeSentence = (finding: Finding): string => SENTENCES[finding.cause](finding.host, finding.params);
