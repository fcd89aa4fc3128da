import { formatPrefix, samePrefix, type Diagnostic, type Parsed } from '../../ip/index.ts';
import type { WireGuardPeer } from '../../model/index.ts';

/**
 * Gives each network to the last peer that names it: an interface has every network once, and who names it later takes
 * it from the others (wg(8), `allowed-ips`). Code: `allowed-ip-moved`.
 */
export function ownAllowedIps(peers: readonly WireGuardPeer[]): Parsed<readonly WireGuardPeer[]> {
  const diagnostics: Diagnostic[] = [];
  const value = peers.map((peer, i) => {
    const later = peers.slice(i + 1);
    const own = peer.allowedIps.filter(({ prefix, fact }, at) => {
      if (peer.allowedIps.slice(at + 1).some((o) => samePrefix(o.prefix, prefix))) return false;
      const taker = later.findLast((p) => p.allowedIps.some((o) => samePrefix(o.prefix, prefix)));
      if (!taker) return true;
      const message = `${formatPrefix(prefix)} is taken from this peer by the peer of line ${taker.fact.line}: an interface has each network once, and the later one gets it`;
      const hint = 'leave it with the peer behind which it lies';
      const span = { source: fact.source, line: fact.line, column: 1, length: fact.text.length, text: fact.text };
      diagnostics.push({ code: 'allowed-ip-moved', severity: 'warning', message, hint, span });
      return false;
    });
    return { ...peer, allowedIps: own };
  });
  return { value, diagnostics };
}
