import type { Failure } from '../failure.ts';
import { cloudRemedies } from './cloud-remedy.ts';
import { exemptRemedies } from './exempt-remedy.ts';
import { firewallRemedies } from './firewall-remedy.ts';
import { gatewayRemedies } from './gateway-remedy.ts';
import { irouteRemedies } from './iroute-remedy.ts';
import { masqueradeRemedies } from './masquerade-remedy.ts';
import { missedRemedies } from './missed-remedy.ts';
import { neighbourRemedies } from './neighbour-remedy.ts';
import { COST, type Remedy } from './remedy.ts';
import { recursionRemedies } from './recursion-remedy.ts';
import { routeRemedies } from './route-remedy.ts';
import { settingRemedies } from './setting-remedy.ts';
import { sizeRemedies } from './size-remedy.ts';
import { sourceRemedies } from './source-remedy.ts';
import { virtualServerRemedies } from './virtual-server-remedy.ts';
import { wireGuardRemedies } from './wireguard-remedy.ts';

/** Everything that might heal the failure, cheapest first. Nothing here is proved yet. */
export function remediesFor(failure: Failure): readonly Remedy[] {
  // answered by the wrong one: nothing is lost on the way
  if (failure.trip.verdict === 'answered') return missedRemedies(failure);
  const all = [
    ...settingRemedies(failure),
    ...sourceRemedies(failure),
    ...cloudRemedies(failure),
    ...firewallRemedies(failure),
    ...neighbourRemedies(failure),
    ...sizeRemedies(failure),
    ...gatewayRemedies(failure),
    ...routeRemedies(failure),
    ...irouteRemedies(failure),
    ...wireGuardRemedies(failure),
    ...recursionRemedies(failure),
    ...virtualServerRemedies(failure),
    ...missedRemedies(failure),
    ...exemptRemedies(failure),
    ...masqueradeRemedies(failure),
  ];
  return all.sort((a, b) => COST[a.kind] - COST[b.kind]);
}
