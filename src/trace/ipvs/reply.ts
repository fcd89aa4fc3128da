import { settingNumber } from '../../model/index.ts';
import type { HookResult } from '../hook-context.ts';
import { record, type Run } from '../netfilter/run.ts';
import { PROTOCOL } from '../packet.ts';
import { isIcmpError } from '../refusal.ts';
import { endsOf, isNat, outbound, turned, type VirtualConnection } from './connection.ts';
import { errorToClient, followConnection, toVirtualServer } from './translate.ts';

/**
 * IPVS gives an answer of a real server the address that the client asked (ip_vs_out of Linux 6.1), in what is forwarded,
 * delivered here or sent from here. Null: the packet goes on, changed or not.
 */
export function takeReply(run: Run): HookResult | null {
  const { packet, tracked, context } = run;
  if (tracked?.ipvs) return null;
  const { connections } = context.ipvs!;
  if (isIcmpError(packet)) {
    const known = packet.inner && outbound(connections, packet.inner.protocol, turned(endsOf(packet.inner)));
    return known ? answered(run, known, () => errorToClient(run, packet.inner!, known)) : null;
  }
  if (packet.protocol !== PROTOCOL.tcp && packet.protocol !== PROTOCOL.udp) return null;
  const known = outbound(connections, packet.protocol, endsOf(packet));
  return known ? answered(run, known, () => toVirtualServer(run, known)) : null;
}

/** handle_response. */
function answered(run: Run, connection: VirtualConnection, translate: () => void): HookResult | null {
  if (isNat(connection)) {
    translate();
    const lost = newWay(run);
    if (lost) return lost;
  }
  followConnection(run, connection, 'client');
  return null;
}

/** The answer goes the way that a packet of this machine's own would go (ip_vs_route_me_harder). */
function newWay(run: Run): HookResult | null {
  const { hook, host, out, ipvs } = run.context;
  if (hook === 'input' || out === 'lo' || settingNumber(host, 'ipv4/vs/snat_reroute') === 0) return null;
  record(run, 'route', { kind: 'rerouted', why: 'source' }, []);
  const found = ipvs!.reroute(run.packet);
  if (!found.way) return { kind: 'drop', error: found.error };
  run.way = found.way;
  return null;
}
