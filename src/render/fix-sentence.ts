import { peerWords } from './wireguard-commands.ts';
import { formatAddress, formatPrefix } from '../ip/index.ts';
import { ruleAddCommand } from '../dialect/iproute2/index.ts';
import { settingCommand } from '../dialect/sysctl/index.ts';
import type { Change, Route, System } from '../model/index.ts';
import { realServerName, virtualServerName } from './virtual-server-words.ts';
import type { Fix, FixKind, Pair } from '../diagnose/index.ts';

/** The title of each kind of fix; gets the box. */
const TITLES: Readonly<Record<Exclude<FixKind, 'combined'>, (host: string) => string>> = {
  'route-on-router': (h) => `add a route on ${h}`,
  'route-on-target': (h) => `add a route on ${h} itself`,
  'dhcp-option-121': (h) => `let DHCP hand out the route (option 121) to ${h} and the others on its link`,
  masquerade: (h) => `hide the clients behind ${h} (masquerade)`,
  'exempt-from-masquerade': (h) => `leave what goes between the networks out of the masquerade on ${h}`,
  'enable-forwarding': (h) => `turn forwarding on, on ${h}`,
  'accept-forward': (h) => `let it through the firewall of ${h}`,
  'accept-input': (h) => `let it into ${h}`,
  'accept-output': (h) => `let ${h} send it`,
  'hairpin-accept': (h) => `let ${h} pass packets out where they came in`,
  'loosen-rp-filter': (h) => `loosen the source check on ${h}`,
  'lift-check': (h) => `turn the cloud's source/destination check off for ${h}`,
  'remove-route': (h) => `remove the route on ${h}`,
  'replace-route': (h) => `replace the route on ${h}`,
  'push-route': (h) => `let the OpenVPN server ${h} push the route to its clients`,
  'allow-ip': (h) => `let WireGuard on ${h} send the network to its peer, and take it from there (AllowedIPs)`,
  'set-keepalive': (h) => `let ${h} keep its WireGuard tunnel open (PersistentKeepalive)`,
  'set-endpoint': (h) => `tell WireGuard on ${h} where its peer is (Endpoint)`,
  'add-iroute': (h) => `tell OpenVPN on ${h} what lies behind its client (iroute)`,
  'read-client-file': (h) => `let OpenVPN on ${h} read the client's file`,
  'openvpn-route': (h) => `give ${h} the route that OpenVPN should make`,
  'default-gateway': (h) => `give ${h} the right default gateway`,
  'client-route': (h) => `add the route on ${h}`,
  'start-virtual-server': (h) => `let Keepalived on ${h} put the virtual server in`,
  'restore-weight': (h) => `give the real servers on ${h} their weight back`,
  'add-virtual-server': (h) => `add the virtual server on ${h}`,
  'take-in-marked': (h) => `let ${h} take the marked packets in (a policy rule)`,
  'answer-by-rule': (h) => `let ${h} send these answers to the director (a policy rule)`,
  'real-server-back': (h) => `Keepalived on ${h} then puts the real server back by itself`,
  'fix-next-hop': (h) => `correct the next hop on ${h}`,
};

/** What to do, in a few words: `add a route on router`. A combined fix names all it is made of. */
export const fixTitle = (fix: Fix): string => [...new Set(fix.parts.map((p) => TITLES[p.kind](p.host)))].join(', and ');

/** What a person should know before choosing the fix; none, one or more sentences without full stop. */
export function fixNotes(fix: Fix): string[] {
  const d = fix.details;
  return [
    ...(d.keepsClientAddress ? [] : ['the target sees the address of ' + fix.host + " instead of the client's"]),
    ...(d.lanReachesClient ? [] : ["hosts of the target's network cannot open connections to the client"]),
    ...(d.hairpin ? ['answers leave the router by the interface they came in on'] : []),
    ...(d.statefulRouter
      ? ['a router in the way tracks connections: it must see both directions, or let this pass']
      : []),
  ];
}

function ends(p: Pair): string {
  const at = p.address ? ` (${formatAddress(p.address)})` : '';
  return `${p.from} -> ${p.to}${at} ${p.protocol === 'icmp' ? 'ping' : `${p.protocol}/${p.port}`}`;
}

/** What else the fix connects and disconnects: none, one or two sentences. At most `limit` pairs each are named. */
export function fixReach(fix: Fix, limit: number): string[] {
  const list = (pairs: readonly Pair[]): string => {
    const more = pairs.length > limit ? ` and ${pairs.length - limit} more` : '';
    return pairs.slice(0, limit).map(ends).join(', ') + more;
  };
  return [
    ...(fix.opens.length > 0 ? [`connects ${list(fix.opens)}`] : []),
    ...(fix.closes.length > 0 ? [`disconnects ${list(fix.closes)}`] : []),
  ];
}

/** A route in `ip route` words without the command: `10.8.0.0/24 via 10.5.5.5 dev eth0`. */
export function routeWords(route: Route): string {
  const prefix = route.prefix.length === 0 ? 'default' : formatPrefix(route.prefix);
  const hop = route.nexthops[0];
  const parts = [
    ...(route.type === 'unicast' ? [] : [route.type]),
    prefix,
    ...(hop?.via ? [`via ${formatAddress(hop.via)}`] : []),
    ...(hop?.dev ? [`dev ${hop.dev}`] : []),
  ];
  return parts.join(' ');
}

/**
 * A change in a few words, for the picture and the JSON: `ip route add 10.8.0.0/24 via 10.5.5.5`; without `ip` where the box
 * runs something else than Linux.
 */
export function changeWords(change: Change, system?: System): string {
  const ip = system === undefined ? 'ip ' : '';
  switch (change.kind) {
    case 'add-route':
      if (change.by === 'hand') return `${ip}route add ${routeWords(change.route)}`;
      return `by ${change.by === 'dhcp' ? 'DHCP' : 'OpenVPN'}: route ${routeWords(change.route)}`;
    case 'remove-route':
      return `${ip}route del ${routeWords(change.route)}`;
    case 'lift-check':
      return `source/destination check on ${change.link} off`;
    case 'set':
      return settingCommand(change.key, change.value).join(' ');
    case 'add-iroute':
      return `iroute ${formatPrefix(change.prefix)} for ${change.commonName}`;
    case 'set-peer':
      return peerWords(change);
    case 'add-policy-rule':
      return ruleAddCommand(change.rule).join(' ');
    case 'set-virtual-server':
      return `${virtualServerName(change.server)} with ${change.server.realServers.map(realServerName).join(', ')}`;
    case 'add-rule':
      return `${change.place.family} ${change.place.table} ${change.place.chain}: ${change.rule.fact.text}`;
  }
}

/** A change as the picture names it: as short as it still tells everything. */
export function changeLabel(change: Change, system?: System): string {
  if (change.kind !== 'add-route' && change.kind !== 'remove-route') return changeWords(change, system);
  const { nexthops, ...route } = change.route;
  // Where there is a gateway, the interface follows from it.
  const short = nexthops.map((n) => {
    const { dev, ...rest } = n;
    return n.via || dev === undefined ? rest : n;
  });
  return changeWords({ ...change, route: { ...route, nexthops: short } }, system);
}
