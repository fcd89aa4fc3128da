import { formatAddress, type Address } from '../ip/index.ts';
import type { ForwardingMethod, RealServer, VirtualServer } from '../model/index.ts';
import type { Action } from '../trace/index.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };

const endpoint = (address: Address, port: number): string => {
  const text = formatAddress(address);
  if (port === 0) return text;
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
};

/** `virtual server fwmark 2000`, `virtual server tcp 10.0.0.1:80`. */
export function virtualServerName({ match, family }: VirtualServer): string {
  if (match.kind === 'mark') return `virtual server fwmark ${match.mark}${family === 6 ? ' (IPv6)' : ''}`;
  return `virtual server ${PROTOCOLS[match.protocol] ?? match.protocol} ${endpoint(match.address, match.port)}`;
}

/** `10.10.10.1:80`; without the port where it keeps that of the packet. */
export const realServerName = (server: RealServer): string => endpoint(server.address, server.port);

const METHODS: Readonly<Record<ForwardingMethod, string>> = {
  nat: 'NAT',
  direct: 'direct routing',
  tunnel: 'tunnel',
};

/** `virtual server fwmark 2000 gives it to real server 10.10.10.1 (NAT, wlc, one of 2)`. */
export function balancedSentence({ service, server, among, isNew }: Of<'balanced'>): string {
  const how = [
    METHODS[server.method],
    ...(isNew ? [service.scheduler] : []),
    ...(among > 1 ? [`one of ${among}`] : []),
  ];
  const to = `${isNew ? 'gives it' : 'has this connection with'}${isNew ? ' to' : ''} real server ${realServerName(server)}`;
  return `${virtualServerName(service)} ${to} (${how.join(', ')})`;
}

/** Why IPVS can't send to a real server. */
export const BARRED: Readonly<Record<Of<'real-server-barred'>['why'], (server: string) => string>> = {
  'no-route': (s) => `no route to the real server ${s}`,
  loopback: (s) => `IPVS sends nothing between the loopback and the real server ${s}`,
  'too-big': (s) => `too big for the way to the real server ${s}`,
};

/** A mark that leads nowhere. */
export function noVirtualServerSentence({ mark, configured }: Of<'no-virtual-server'>): string {
  const none = `mark ${mark}, but no virtual server takes it`;
  return configured
    ? `${none}, though keepalived.conf has one: it goes on to this machine`
    : `${none}: it goes on to this machine`;
}
