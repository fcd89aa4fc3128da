import { without, type Difference } from './branch-network.ts';

/** One piece of a site-to-site network that is taken away. */
export interface Piece extends Difference {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
}

const at = (host: string, value: unknown): unknown => ({ hosts: { [host]: value } });
const routes = (host: string, ...all: string[]): unknown => at(host, { routes: all });
const drops = { iptables: '*filter\n:FORWARD DROP [0:0]\nCOMMIT\n', filter: null };
const office = ['branch-pc', 'linux-server'] as const;
const branch = ['linux-server', 'branch-pc'] as const;
const guest = ['laptop', 'branch-pc'] as const;

const piece = (
  name: string,
  [from, to]: readonly [string, string],
  cause: string,
  overlay: unknown,
  files?: Piece['files'],
): Piece => ({ name, from, to, cause, overlay, ...(files && { files }) });

/** The list of what two LANs need, each entry with the way that fails for want of it (reference: OpenVPN's HOWTO). */
export const PIECES: readonly Piece[] = [
  piece('push of the office', office, 'client-has-no-route at branch-gateway', {}, without('server.conf', /^push "route 10.*\n/m)),
  piece('push of the branch to the others', guest, 'client-has-no-route at laptop', {}, without('server.conf', /^push "route 192.*\n/m)),
  piece("route in the server's kernel", branch, 'server-route-missing at vpn-server', {}, without('server.conf', /^route .*\n/m)),
  piece('client-config-dir', branch, 'ccd-not-read at vpn-server', {}, without('server.conf', /^client-config-dir.*\n/m)),
  piece("the file's name", branch, 'ccd-not-read at vpn-server', at('vpn-server', { openvpn: { ccd: { branch: null, Branch: 'ccd/branch' } } })),
  piece('iroute', office, 'iroute-missing at vpn-server', {}, without('ccd/branch', /^iroute.*\n/m)),
  piece('forwarding on the server', office, 'forwarding-off at vpn-server', at('vpn-server', { forwards: false })),
  piece("forwarding on the client's gateway", office, 'forwarding-off at branch-gateway', at('branch-gateway', { forwards: false })),
  piece('the server lets it through', branch, 'forward-drop at vpn-server', at('vpn-server', drops)),
  piece("the client's gateway lets it through", branch, 'forward-drop at branch-gateway', at('branch-gateway', drops)),
  piece("office router's route to the branch", office, 'no-return-route at router', routes('router', 'default via 203.0.113.1', '10.8.0.0/24 via 10.5.5.5')),
  piece("office router's route to the clients", ['laptop', 'linux-server'], 'no-return-route at router', routes('router', 'default via 203.0.113.1', '192.168.50.0/24 via 10.5.5.5')),
  piece("branch router's route to the office", branch, 'no-return-route at branch-router', routes('branch-router', 'default via 198.51.100.1', '10.8.0.0/24 via 192.168.50.5')),
  piece("branch router's route to the clients", guest, 'no-return-route at branch-router', routes('branch-router', 'default via 198.51.100.1', '10.5.5.0/24 via 192.168.50.5')),
]; // prettier-ignore
