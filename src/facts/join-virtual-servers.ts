import { formatAddress, sameAddress, type Diagnostic } from '../ip/index.ts';
import { sameVirtualMatch, type Host, type VirtualServer } from '../model/index.ts';

/** A host's virtual servers. */
export type VirtualServers = Pick<Host, 'virtualServers' | 'configuredServers'>;

/**
 * What the kernel has counts; where nobody asked it (null), what keepalived.conf makes while its checks pass. What stands
 * in keepalived.conf and is not in the kernel is noted as `server-out`: its check failed, or Keepalived does not run.
 */
export function joinVirtualServers(
  kernel: readonly VirtualServer[] | null,
  configured: readonly VirtualServer[] | null,
  note: (diagnostic: Diagnostic) => void,
): VirtualServers {
  if (!kernel) return { virtualServers: configured ?? [] };
  if (!configured?.length) return { virtualServers: kernel };
  for (const server of configured) noteMissing(server, kernel, note);
  return { virtualServers: kernel, configuredServers: configured };
}

function noteMissing(
  configured: VirtualServer,
  kernel: readonly VirtualServer[],
  note: (diagnostic: Diagnostic) => void,
): void {
  const say = (what: string, { source, line, text }: VirtualServer['fact'], hint: string): void => {
    const message = `${what} stands in keepalived.conf, but the kernel does not have it`;
    const span = { source, line: Math.max(1, line), column: 1, length: Math.max(1, text.length), text };
    note({ code: 'server-out', severity: 'note', message, hint, span });
  };
  const own = kernel.find((k) => sameVirtualMatch(k, configured));
  if (!own) {
    say('this virtual server', configured.fact, 'does Keepalived run?');
    return;
  }
  const isThere = (r: VirtualServer['realServers'][number]): boolean =>
    own.realServers.some((o) => o.port === r.port && sameAddress(o.address, r.address));
  for (const r of configured.realServers.filter((one) => !isThere(one)))
    say(`real server ${formatAddress(r.address)}`, r.fact, 'its check failed: see what Keepalived logs');
}
