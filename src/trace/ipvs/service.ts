import { sameAddress } from '../../ip/index.ts';
import type { Host, VirtualServer } from '../../model/index.ts';
import { PROTOCOL, type Packet } from '../packet.ts';

const FTP = 21;
const FTP_DATA = 20;
const FIRST_FREE_PORT = 1024;

/**
 * The virtual server that takes a packet (ip_vs_service_find): by its whole mark first, then by address and port, then the one
 * for all ports of the address. An FTP server also takes what could be its data connections.
 */
export function serviceFor(host: Host, packet: Packet): VirtualServer | undefined {
  const own = host.virtualServers.filter((s) => s.family === packet.family);
  if (packet.mark !== 0) {
    const byMark = own.find((s) => s.match.kind === 'mark' && s.match.mark === packet.mark);
    if (byMark) return byMark;
  }
  const at = (port: number): VirtualServer | undefined => own.find((s) => isAt(s, packet, port));
  return at(packet.destinationPort) ?? (mayBeFtpData(packet) ? at(FTP) : undefined) ?? at(0);
}

const isAt = ({ match }: VirtualServer, { protocol, destination }: Packet, port: number): boolean =>
  match.kind === 'address' &&
  match.protocol === protocol &&
  match.port === port &&
  sameAddress(match.address, destination);

const mayBeFtpData = ({ protocol, destinationPort: port }: Packet): boolean =>
  protocol === PROTOCOL.tcp && (port === FTP_DATA || port >= FIRST_FREE_PORT);

/** The port that a virtual server is at; 0 for all, and by mark. */
export const portOf = ({ match }: VirtualServer): number => (match.kind === 'mark' ? 0 : match.port);

/** Whether the virtual server is the one of FTP, which lets other packets to its address pass (ip_vs_leave). */
export const isFtp = (service: VirtualServer): boolean => portOf(service) === FTP;

/** Packets from FTP's data port are never handed out (ip_vs_schedule). */
export const isFtpData = (packet: Packet): boolean => packet.sourcePort === FTP_DATA;
