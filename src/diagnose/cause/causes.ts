import type { CauseCode } from '../finding.ts';
import type { CauseTest } from './cause-test.ts';
import { allowedIpElsewhere, allowedIpMissing } from './allowed-ip-missing.ts';
import { answerAstray } from './answer-astray.ts';
import { blackholeRoute } from './blackhole-route.ts';
import { ccdNotRead } from './ccd-not-read.ts';
import { clientHasNoRoute } from './client-has-no-route.ts';
import { cloudCheck } from './cloud-check.ts';
import { deadNextHop } from './dead-next-hop.ts';
import { forwardDrop } from './forward-drop.ts';
import { forwardReject } from './forward-reject.ts';
import { forwardingOff } from './forwarding-off.ts';
import { fragNeededLost } from './frag-needed-lost.ts';
import { impossibleAddress } from './impossible-address.ts';
import { interfaceDown } from './interface-down.ts';
import { noReturnRoute, noRoute } from './missing-route.ts';
import { masqueradeCatches } from './masquerade-catches.ts';
import { masqueradeElsewhere } from './masquerade-elsewhere.ts';
import { multipathLeg } from './multipath-leg.ts';
import { neighbourDiscoveryFiltered } from './neighbour-discovery-filtered.ts';
import { networkOverlap } from './network-overlap.ts';
import { noMasquerade } from './no-masquerade.ts';
import { noRealServer } from './no-real-server.ts';
import { noSuchHost } from './no-such-host.ts';
import { noVirtualServer } from './no-virtual-server.ts';
import { notModelled } from './not-modelled.ts';
import { packetTooBig } from './packet-too-big.ts';
import { peerWithoutEndpoint } from './peer-without-endpoint.ts';
import { policyRoute } from './policy-route.ts';
import { realServerNoReturn } from './real-server-no-return.ts';
import { reversePathFilter } from './reverse-path-filter.ts';
import { routeNotInstalled } from './route-not-installed.ts';
import { serverRouteMissing } from './server-route-missing.ts';
import { sourceUnknownToRouter } from './source-unknown-to-router.ts';
import { statefulHalfFlow } from './stateful-half-flow.ts';
import { targetFirewall } from './target-firewall.ts';
import { targetNoGateway } from './target-no-gateway.ts';
import { targetOtherGateway } from './target-other-gateway.ts';
import { tunnelRecursive } from './tunnel-recursive.ts';
import { irouteMissing, tunnelDown, tunnelNoClient } from './tunnel-refused.ts';
import { unknownBox } from './unknown-box.ts';
import { virtualPeer } from './virtual-peer.ts';
import { wrongNetmask } from './wrong-netmask.ts';
import { wrongNextHop } from './wrong-next-hop.ts';

/** Every cause with its test, the more particular ones first: the first that explains a failure names it. */
export const CAUSES: readonly (readonly [CauseCode, CauseTest])[] = [
  ['not-modelled', notModelled],
  ['tunnel-recursive', tunnelRecursive],
  ['interface-down', interfaceDown],
  // virtual servers
  ['no-real-server', noRealServer],
  ['real-server-no-return', realServerNoReturn],
  ['masquerade-catches', masqueradeCatches],
  ['wrong-netmask', wrongNetmask],
  ['network-overlap', networkOverlap],
  ['route-not-installed', routeNotInstalled],
  // WireGuard
  ['allowed-ip-elsewhere', allowedIpElsewhere],
  ['allowed-ip-missing', allowedIpMissing],
  ['peer-without-endpoint', peerWithoutEndpoint],
  ['client-has-no-route', clientHasNoRoute],
  ['multipath-leg', multipathLeg],
  ['wrong-next-hop', wrongNextHop],
  ['unknown-box', unknownBox],
  // what stops a packet by itself
  ['forwarding-off', forwardingOff],
  ['blackhole-route', blackholeRoute],
  ['target-no-gateway', targetNoGateway],
  ['target-other-gateway', targetOtherGateway],
  ['server-route-missing', serverRouteMissing],
  ['source-unknown-to-router', sourceUnknownToRouter],
  ['reverse-path-filter', reversePathFilter],
  ['frag-needed-lost', fragNeededLost],
  ['cloud-check', cloudCheck],
  ['packet-too-big', packetTooBig],
  ['impossible-address', impossibleAddress],
  // what a firewall stops
  ['stateful-half-flow', statefulHalfFlow],
  ['target-firewall', targetFirewall],
  ['neighbour-discovery-filtered', neighbourDiscoveryFiltered],
  ['forward-reject', forwardReject],
  ['forward-drop', forwardDrop],
  // routes
  ['dead-next-hop', deadNextHop],
  ['policy-route', policyRoute],
  ['masquerade-elsewhere', masqueradeElsewhere],
  ['no-masquerade', noMasquerade],
  ['no-return-route', noReturnRoute],
  ['ccd-not-read', ccdNotRead],
  ['iroute-missing', irouteMissing],
  ['virtual-peer', virtualPeer],
  ['tunnel-no-client', tunnelNoClient],
  ['tunnel-down', tunnelDown],
  ['no-route', noRoute],
  ['no-such-host', noSuchHost],
  ['no-virtual-server', noVirtualServer],
  ['answer-astray', answerAstray],
];
