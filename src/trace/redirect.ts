import { sameAddress, type Address } from '../ip/index.ts';
import { interfaceKey, settingNumber, type Host } from '../model/index.ts';
import type { Packet } from './packet.ts';
import type { Step } from './step.ts';
import { answersOnLink } from './neighbour.ts';
import { hostIn, type World } from './world.ts';

/** Where a redirect is sent from, and the way the packet should have taken. */
export interface RedirectPlace {
  readonly host: Host;
  readonly dev: string;
  readonly via: Address | null;
}

/**
 * The redirect that a router sends for a packet that leaves by the interface it came in on, before the FORWARD hook
 * sees it (ip_forward in net/ipv4/ip_forward.c). Whoever believes it is noted in the world.
 */
export function sendRedirect(world: World, at: RedirectPlace, packet: Packet, record: (step: Step) => void): void {
  const gateway = at.via ?? packet.destination;
  const action = { kind: 'redirect-sent', to: packet.source, destination: packet.destination, gateway } as const;
  record({ stage: 'redirect', action, because: [] });
  const linkName = at.host.interfaces.find((i) => i.name === at.dev)?.link;
  const link = linkName === undefined ? undefined : world.network.links.get(linkName);
  const self = { at: { host: at.host.name, interface: at.dev }, source: null };
  const end = link ? answersOnLink(world, link, self, packet.source) : null;
  if (!end) return;
  const host = hostIn(world.network, end.host);
  if (!believesRedirects(host, end.interface)) return;
  // __ip_do_redirect keeps the hint only once the new gateway has answered
  if (!answersOnLink(world, link!, { at: end, source: packet.source }, gateway)) return;
  const known = world.learnt.some((r) => r.host === host.name && sameAddress(r.destination, packet.destination));
  if (!known) world.learnt.push({ host: host.name, destination: packet.destination, gateway });
}

/** IN_DEV_RX_REDIRECTS (include/linux/inetdevice.h): a router needs both settings, a host one of them. */
function believesRedirects(host: Host, dev: string): boolean {
  const all = settingNumber(host, interfaceKey(4, 'all', 'accept_redirects')) > 0;
  const own = settingNumber(host, interfaceKey(4, dev, 'accept_redirects')) > 0;
  const forwards =
    settingNumber(
      host,
      host.settings.has(interfaceKey(4, dev, 'forwarding')) ? interfaceKey(4, dev, 'forwarding') : 'ipv4/ip_forward',
    ) > 0;
  return forwards ? all && own : all || own;
}
