import { formatAddress, formatPrefix } from '../ip/index.ts';
import { shellLine } from '../dialect/index.ts';
import { applyChanges, wireGuardAt, type Host, type SetPeer, type WireGuardPeer } from '../model/index.ts';

/** What is set of a peer, in the words of `wg set`: the allowed IPs are always the whole list. */
function wordsOf({ set }: SetPeer, peer: WireGuardPeer | undefined): readonly string[] {
  switch (set.kind) {
    case 'allow':
      return ['allowed-ips', (peer?.allowedIps ?? []).map((a) => formatPrefix(a.prefix)).join(',')];
    case 'endpoint':
      return ['endpoint', endpointText(peer?.endpoint ?? { host: formatAddress(set.address), port: set.port })];
    case 'keepalive':
      return ['persistent-keepalive', String(peer?.keepalive ?? 0)];
  }
}

const endpointText = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

const SETTING = { 'allowed-ips': 'AllowedIPs', endpoint: 'Endpoint', 'persistent-keepalive': 'PersistentKeepalive' };

const peerAt = (host: Host, { dev, publicKey }: SetPeer): WireGuardPeer | undefined =>
  wireGuardAt(host, dev)?.peers.find((p) => p.publicKey === publicKey);

/** A change of a peer: `wg set` now, a line of wg-quick's file for good, and what was before. */
export function peerCommands(
  host: Host,
  change: SetPeer,
): { readonly apply: string[]; readonly persist: string[]; readonly undo: string[] } {
  const network = { hosts: new Map([[host.name, host]]), links: new Map(), tunnels: [], expectations: [] };
  const after = peerAt(applyChanges(network, [change]).hosts.get(host.name)!, change);
  const before = peerAt(host, change);
  const [word = '', value = ''] = wordsOf(change, after);
  const set = (words: readonly string[]): string =>
    shellLine(['wg', 'set', change.dev, 'peer', change.publicKey, ...words]);
  const file = `/etc/wireguard/${change.dev}.conf`;
  const key = `${change.publicKey.slice(0, 8)}...`;
  const hadNone = change.set.kind === 'endpoint' && !before?.endpoint;
  return {
    apply: [set([word, value])],
    persist: [
      `# in ${file}, in the [Peer] with PublicKey ${key}:`,
      `#   ${SETTING[word as keyof typeof SETTING]} = ${value.replaceAll(',', ', ')}`,
      ...(change.set.kind === 'allow' ? ['# wg-quick makes the route of it; in no other [Peer] may it stand'] : []),
    ],
    undo: [
      hadNone
        ? `# wg knows no command that takes an endpoint away: wg-quick down ${change.dev}; wg-quick up ${change.dev}`
        : set(wordsOf(change, before)),
    ],
  };
}

/** The same in a few words: `wg set wg0 peer QPL3XKMO... endpoint 203.0.113.7:51820`. */
export function peerWords(change: SetPeer): string {
  const { set, dev, publicKey } = change;
  const what =
    set.kind === 'allow'
      ? `allowed-ips +${formatPrefix(set.prefix)}`
      : wordsOf(change, undefined)
          .join(' ')
          .replace('keepalive 0', `keepalive ${'seconds' in set ? set.seconds : 0}`);
  return `wg set ${dev} peer ${publicKey.slice(0, 8)}... ${what}`;
}
