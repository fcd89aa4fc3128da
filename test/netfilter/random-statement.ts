import type { Value } from '../../src/model/index.ts';
import { address, to, verdict } from '../../src/trace/netfilter/testing/ruleset-builder.ts';
import { FAR, PORTS } from './random-values.ts';
import { ct, field, match, meta, num, piece, type Piece, type Place } from './rule-piece.ts';

export function markPiece({ random: r }: Place): Piece {
  switch (r.int(4)) {
    case 0: {
      const m = r.pick([1, 2, 0x10, 2000]);
      return piece(`meta mark set ${m}`, { kind: 'set-mark', target: 'meta', value: num(m) });
    }
    case 1: {
      const value: Value = { kind: 'binary', op: '|', left: meta('mark'), right: num(0x20) };
      return piece('meta mark set meta mark | 0x20', { kind: 'set-mark', target: 'meta', value });
    }
    case 2:
      return piece('ct mark set meta mark', { kind: 'set-mark', target: 'ct', value: meta('mark') });
    default:
      return piece('meta mark set ct mark', { kind: 'set-mark', target: 'meta', value: ct('mark') });
  }
}

const unreachable = (family: 4 | 6): Piece =>
  family === 4
    ? piece('reject with icmp type admin-prohibited', { kind: 'reject', with: { kind: 'icmp', type: 3, code: 13 } })
    : piece('reject with icmpv6 type admin-prohibited', { kind: 'reject', with: { kind: 'icmp', type: 1, code: 1 } });

export function verdictPiece(place: Place, chains: readonly string[]): Piece {
  const r = place.random;
  const kind = r.int(10);
  if (kind < 3) return piece('accept', verdict('accept'));
  if (kind < 4) return piece('drop', verdict('drop'));
  if (kind < 5) return piece('return', verdict('return'));
  if (kind < 6 && (place.hook === 'forward' || place.hook === 'input')) {
    return r.chance(50)
      ? unreachable(place.family)
      : piece('meta l4proto tcp reject with tcp reset', match(meta('l4proto'), '==', num(6)), {
          kind: 'reject',
          with: { kind: 'tcp-reset' },
        });
  }
  if (chains.length === 0) return markPiece(place);
  const target = r.pick(chains);
  if (kind < 8) return piece(`jump ${target}`, to('jump', target));
  if (kind < 9) return piece(`goto ${target}`, to('goto', target));
  const port = r.pick(PORTS);
  const entries = [
    { key: { kind: 'number', number: port }, verdict: { kind: 'jump', chain: target } },
    { key: { kind: 'number', number: 443 }, verdict: { kind: 'accept' } },
  ] as const;
  const used = port === 443 ? entries.slice(1) : entries;
  const shown = port === 443 ? '443 : accept' : `${port} : jump ${target}, 443 : accept`;
  return piece(`tcp dport vmap { ${shown} }`, {
    kind: 'verdict-map',
    key: field('tcp.dport'),
    of: { kind: 'inline', entries: used },
  });
}

export function natPiece({ random: r, family, hook, inet }: Place): Piece {
  const ip = inet ? (family === 4 ? ' ip' : ' ip6') : '';
  const a = r.pick(FAR[family]);
  const target = { kind: 'address', address: address(a) } as const;
  const source = hook === 'postrouting' || hook === 'input';
  // Clients stay clients: their packets' sequence numbers go by the port
  const port = r.pick(source ? [1443, 1444] : [8080, 443]);
  const shown = family === 4 ? a : `[${a}]`;
  const tcp = match(meta('l4proto'), '==', num(6));
  if (hook === 'postrouting' && r.chance(40)) return piece('masquerade', { kind: 'masquerade' });
  if (!source && r.chance(25))
    return piece(`meta l4proto tcp redirect to :${port}`, tcp, { kind: 'redirect', port: num(port) });
  const kind = source ? 'snat' : 'dnat';
  if (r.chance(50)) return piece(`${kind}${ip} to ${a}`, { kind, to: { address: target } });
  return piece(`meta l4proto tcp ${kind}${ip} to ${shown}:${port}`, tcp, {
    kind,
    to: { address: target, port: num(port) },
  });
}
