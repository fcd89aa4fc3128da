import { settingNumber, type VirtualServer } from '../../model/index.ts';
import type { HookResult } from '../hook-context.ts';
import { record, type Run } from '../netfilter/run.ts';
import { PROTOCOL, TCP } from '../packet.ts';
import { isIcmpError } from '../refusal.ts';
import { endsOf, inbound, turned, type VirtualConnection } from './connection.ts';
import { realPort, schedule } from './schedule.ts';
import { isFtp, isFtpData, portOf, serviceFor } from './service.ts';
import { toServer } from './transmit.ts';
import { errorToRealServer } from './translate.ts';

/**
 * IPVS looks at what is for this machine, or sent by it (ip_vs_in of Linux 6.1): a known connection goes on to its real
 * server, a new one gets one where a virtual server takes it. Null: the packet goes on here.
 */
export function takeRequest(run: Run): HookResult | null {
  const { packet, tracked, context } = run;
  if (tracked?.ipvs) return null;
  if (isIcmpError(packet)) return takeError(run);
  if (packet.protocol !== PROTOCOL.tcp && packet.protocol !== PROTOCOL.udp) return null;
  const known = inbound(context.ipvs!.connections, packet.protocol, endsOf(packet));
  if (known) {
    tellBalanced(run, known, { among: 1, isNew: false });
    return toServer(run, known);
  }
  const service = serviceFor(context.host, packet);
  if (!service) return notTaken(run);
  // tcp_conn_schedule, unless vs.sloppy_tcp
  const isLate = (packet.tcpFlags & TCP.syn) === 0 && settingNumber(context.host, 'ipv4/vs/sloppy_tcp') === 0;
  if (packet.protocol === PROTOCOL.tcp && (isLate || (packet.tcpFlags & TCP.rst) !== 0)) return null;
  return isFtpData(packet) || isAnswerOfOwn(run) ? null : begin(run, service);
}

/** An answer of a real server on this machine is no new connection (ip_vs_schedule). */
function isAnswerOfOwn(run: Run): boolean {
  const { in: dev, ipvs } = run.context;
  return (
    (dev === null || dev === 'lo') &&
    inbound(ipvs!.connections, run.packet.protocol, turned(endsOf(run.packet))) !== undefined
  );
}

function begin(run: Run, service: VirtualServer): HookResult | null {
  const { packet, context } = run;
  const isElsewhere = service.match.kind === 'address' && portOf(service) !== packet.destinationPort;
  const picked = isElsewhere && !service.persistent ? null : schedule(run, service);
  if (!picked) return isFtp(service) && isElsewhere ? null : refuse(run, service);
  const { server, among } = picked;
  const { from, to } = endsOf(packet);
  const real = { address: server.address, port: realPort(service, server, packet.destinationPort) };
  const isTracked = settingNumber(context.host, 'ipv4/vs/conntrack') > 0;
  const connection = {
    protocol: packet.protocol,
    client: from,
    virtual: to,
    real,
    service,
    server,
    tracked: isTracked,
  };
  const isForgotten = service.onePacket === true && packet.protocol === PROTOCOL.udp;
  if (!isForgotten) context.ipvs!.connections.push(connection);
  tellBalanced(run, connection, { among, isNew: true });
  return toServer(run, connection);
}

function tellBalanced(
  run: Run,
  { service, server }: VirtualConnection,
  how: { readonly among: number; readonly isNew: boolean },
): void {
  record(run, 'ipvs', { kind: 'balanced', service, server, ...how }, [service.fact, server.fact]);
}

/** ip_vs_leave: nobody is left to take it. */
function refuse(run: Run, service: VirtualServer): HookResult {
  const { packet, tracked } = run;
  record(run, 'ipvs', { kind: 'no-real-server', service }, [service.fact, ...service.realServers.map((s) => s.fact)]);
  const icmp = packet.family === 4 ? { type: 3, code: 3 } : { type: 1, code: 4 };
  return { kind: 'ended', outcome: 'rejected', icmp, packet, tracked };
}

/** Says that a mark led to nothing: somebody meant it to. */
function notTaken(run: Run): null {
  const {
    packet: { mark, family },
    context,
  } = run;
  const { virtualServers, configuredServers = [] } = context.host;
  const configured = configuredServers.find((s) => s.family === family && isByMark(s, mark)) ?? null;
  const byMark = virtualServers.filter((s) => s.match.kind === 'mark');
  if (mark === 0 || (!configured && byMark.length === 0)) return null;
  const because = configured ? [configured.fact] : byMark.map((s) => s.fact);
  record(run, 'ipvs', { kind: 'no-virtual-server', mark, configured }, because);
  return null;
}

const isByMark = ({ match }: VirtualServer, mark: number): boolean => match.kind === 'mark' && match.mark === mark;

/** An ICMP error about an answer belongs to the real server that gave it (ip_vs_in_icmp, ip_vs_forward_icmp). */
export function takeError(run: Run): HookResult | null {
  const { packet, tracked, context } = run;
  const { inner } = packet;
  if (!inner || tracked?.ipvs || !isIcmpError(packet)) return null;
  const known = inbound(context.ipvs!.connections, inner.protocol, turned(endsOf(inner)));
  if (!known) return null;
  tellBalanced(run, known, { among: 1, isNew: false });
  return toServer(run, known, (r, connection) => errorToRealServer(r, inner, connection));
}
