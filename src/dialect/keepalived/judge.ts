import { formatAddress, sameAddress, type Family } from '../../ip/index.ts';
import type { RealServer, VirtualServer } from '../../model/index.ts';
import { ignores, type Faults } from './faults.ts';
import { matchOf, type Target } from './group.ts';
import type { RealServerDraft } from './real-server.ts';
import type { Method } from './values.ts';
import type { VirtualServerDraft } from './virtual-server.ts';

const UDP = 17;
const NAMES: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };
const NAT: Method = { method: 'nat', tunnelType: 'ipip' };

/** How Keepalived names it: `FWM 2000`, `[10.0.0.1]:tcp:80`. */
function nameOf(target: Target, protocol: number | undefined): string {
  if (target.kind === 'mark') return `FWM ${target.mark}`;
  return `[${formatAddress(target.address)}]:${protocol === undefined ? 'none' : NAMES[protocol]!}:${target.port}`;
}

/**
 * What Keepalived puts into IPVS of a virtual server, after its own checks (check_check_virtual_server of check_data.c,
 * validate_check_config): one for each target of a group. Real servers of weight 0 only: the sorry server takes over.
 */
export function judge(draft: VirtualServerDraft, faults: Faults): readonly VirtualServer[] {
  const [target] = draft.targets as [Target];
  const say = (message: string, at = draft.at, hint?: string): void => {
    faults.note(at, ignores(message, hint));
  };
  const name = nameOf(target, draft.protocol?.number);
  if (draft.servers.length === 0) {
    say(`Virtual server ${name} has no real servers - ignoring`);
    return [];
  }
  const isByMark = draft.targets.every((t) => t.kind === 'mark');
  if (isByMark && draft.protocol) {
    const hint = 'leave the line out: a mark takes every protocol';
    say(`Virtual server ${name}: protocol specified for fwmark - protocol will be ignored`, draft.protocol.at, hint);
  }
  if (!isByMark && !draft.protocol) say(`Virtual server ${name}: no protocol set - defaulting to UDP`);
  const hasNoPort = target.kind === 'address' && target.port === 0;
  if (hasNoPort && !draft.persistent)
    say(`Virtual server ${name}: zero port only valid for persistent services - setting`);
  if (draft.scheduler === null) say(`Virtual server ${name}: no scheduler set, setting default 'wlc'`);
  const isOpen = draft.servers.some((s) => s.method === null);
  if (draft.method === null && isOpen) say(`Virtual server ${name}: no forwarding method set, setting default NAT`);
  const isOnePacket = draft.onePacket && (draft.protocol?.number ?? UDP) === UDP;
  if (draft.onePacket && !isOnePacket) say(`Virtual server ${name}: one packet scheduling requires UDP - resetting`);
  const familyOf = (t: Target): Family =>
    t.kind === 'address' ? t.address.family : (draft.family ?? draft.servers[0]!.address.family);
  const servers = serversOf(draft, { name, target, family: familyOf(target) }, faults);
  return draft.targets.map((t) => ({
    family: familyOf(t),
    match: matchOf(t, draft.protocol?.number ?? UDP),
    scheduler: draft.scheduler ?? 'wlc',
    persistent: draft.persistent || (t.kind === 'address' && t.port === 0),
    ...(isOnePacket && { onePacket: true }),
    ...(draft.fallback && draft.scheduler === 'sh' && { fallback: true }),
    realServers: servers,
    fact: draft.fact,
  }));
}

interface Named {
  readonly name: string;
  readonly target: Target;
  readonly family: Family;
}

function serversOf(draft: VirtualServerDraft, named: Named, faults: Faults): readonly RealServer[] {
  const servers: RealServer[] = [];
  for (const s of draft.servers) {
    const { method, tunnelType } = s.method ?? draft.method ?? NAT;
    const weight = s.weight ?? draft.weight;
    const server = {
      address: s.address,
      port: portOf(s, method, named, faults),
      method,
      tunnelType,
      weight,
      fact: s.fact,
    };
    if (s.address.family !== named.family && method !== 'tunnel') {
      const text = formatAddress(s.address);
      const message = `Address family of virtual server and real server ${text} don't match - skipping real server.`;
      faults.note(s.at, ignores(message), s.at.words[1]);
    } else if (servers.some((o) => sameAddress(o.address, server.address) && o.port === server.port)) {
      const text = `real server [${formatAddress(s.address)}]:${s.port} is duplicated - removing second rs`;
      faults.note(s.at, ignores(`VS ${named.name}: ${text}`), s.at.words[1]);
    } else servers.push(server);
  }
  const { sorry } = draft;
  if (!sorry || servers.some((s) => s.weight > 0)) return servers;
  const { method, tunnelType } = draft.sorryMethod ?? draft.method ?? NAT;
  const port = method === 'nat' ? sorry.port : portOfTarget(named.target);
  return [{ address: sorry.address, port, method, tunnelType, weight: 1, fact: sorry.fact }];
}

const portOfTarget = (target: Target): number => (target.kind === 'mark' ? 0 : target.port);

/** Only NAT changes ports. */
function portOf(s: RealServerDraft, method: RealServer['method'], { name, target }: Named, faults: Faults): number {
  const own = portOfTarget(target);
  if (method === 'nat' || s.port === own || (target.kind === 'address' && s.port === 0))
    return method === 'nat' ? s.port : own;
  const server = `[${formatAddress(s.address)}]:${s.port}`;
  const message =
    target.kind === 'mark'
      ? `fwmark virtual server ${name}, real server ${server} has port specified - clearing`
      : `virtual server ${name} and real server ${server} ports don't match - resetting`;
  faults.note(s.at, ignores(message, 'only NAT changes ports'), s.at.words[2]);
  return own;
}
