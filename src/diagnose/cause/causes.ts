import type { CauseCode } from '../finding.ts';
import type { CauseTest } from './cause-test.ts';
import { blackholeRoute } from './blackhole-route.ts';
import { clientHasNoRoute } from './client-has-no-route.ts';
import { deadNextHop } from './dead-next-hop.ts';
import { forwardDrop } from './forward-drop.ts';
import { forwardReject } from './forward-reject.ts';
import { forwardingOff } from './forwarding-off.ts';
import { noReturnRoute } from './no-return-route.ts';
import { noRoute } from './no-route.ts';
import { notModelled } from './not-modelled.ts';
import { reversePathFilter } from './reverse-path-filter.ts';
import { sourceUnknownToRouter } from './source-unknown-to-router.ts';
import { statefulHalfFlow } from './stateful-half-flow.ts';
import { targetFirewall } from './target-firewall.ts';
import { targetNoGateway } from './target-no-gateway.ts';
import { targetOtherGateway } from './target-other-gateway.ts';
import { tunnelNoClient } from './tunnel-no-client.ts';
import { unknownBox } from './unknown-box.ts';

/** Every cause with its test, the more particular ones first: the first that explains a failure names it. */
export const CAUSES: readonly (readonly [CauseCode, CauseTest])[] = [
  ['not-modelled', notModelled],
  ['forwarding-off', forwardingOff],
  ['source-unknown-to-router', sourceUnknownToRouter],
  ['reverse-path-filter', reversePathFilter],
  ['stateful-half-flow', statefulHalfFlow],
  ['target-firewall', targetFirewall],
  ['forward-reject', forwardReject],
  ['forward-drop', forwardDrop],
  ['client-has-no-route', clientHasNoRoute],
  ['target-no-gateway', targetNoGateway],
  ['target-other-gateway', targetOtherGateway],
  ['dead-next-hop', deadNextHop],
  ['blackhole-route', blackholeRoute],
  ['no-return-route', noReturnRoute],
  ['tunnel-no-client', tunnelNoClient],
  ['unknown-box', unknownBox],
  ['no-route', noRoute],
];
