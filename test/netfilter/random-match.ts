import type { Element, Statement, Value } from '../../src/model/index.ts';
import { address, prefix } from '../../src/trace/netfilter/testing/ruleset-builder.ts';
import type { RandomSource } from './random-source.ts';
import { BLOCKS, FAR, NAMES, OWN, PORTS } from './random-values.ts';
import { ct, field, match, member, meta, num, piece, word, type Piece, type Place } from './rule-piece.ts';

function addressPiece({ random: r, family }: Place): Piece {
  const which = r.pick(['saddr', 'daddr'] as const);
  const ip = family === 4 ? 'ip' : 'ip6';
  const left = field(`${ip}.${which}`);
  const pool = [...FAR[family], ...OWN[family]];
  const a = r.pick(pool);
  const not = r.chance(30);
  switch (r.int(4)) {
    case 0:
      return piece(
        `${ip} ${which} ${not ? '!= ' : ''}${a}`,
        match(left, not ? '!=' : '==', { kind: 'address', address: address(a) }),
      );
    case 1: {
      const b = r.pick(BLOCKS[family]);
      return piece(
        `${ip} ${which} ${not ? '!= ' : ''}${b}`,
        member(left, not, [{ kind: 'prefix', prefix: prefix(b) }]),
      );
    }
    case 2: {
      const b = r.pick(pool);
      const list = a === b ? [a] : [a, b];
      return piece(
        `${ip} ${which} ${not ? '!= ' : ''}{ ${list.join(', ')} }`,
        member(
          left,
          not,
          list.map((t) => ({ kind: 'address', address: address(t) })),
        ),
      );
    }
    default: {
      const [from, end] = family === 4 ? ['10.0.0.5', '10.1.0.8'] : ['fd00:0::5', 'fd00:1::8'];
      const range: Element = { kind: 'address-range', from: address(from), to: address(end) };
      return piece(`${ip} ${which} ${not ? '!= ' : ''}${from}-${end}`, member(left, not, [range]));
    }
  }
}

function portPiece({ random: r }: Place): Piece {
  const proto = r.pick(['tcp', 'udp', 'th'] as const);
  const side = r.pick(['sport', 'dport'] as const);
  const left = field(`${proto}.${side}`);
  const pre: [string, Statement[]] =
    proto === 'th'
      ? [
          'meta l4proto { tcp, udp } ',
          [
            member(meta('l4proto'), false, [
              { kind: 'number', number: 6 },
              { kind: 'number', number: 17 },
            ]),
          ],
        ]
      : ['', []];
  const port = r.pick(PORTS);
  const not = r.chance(30);
  if (r.chance(50))
    return piece(
      `${pre[0]}${proto} ${side} ${not ? '!= ' : ''}${port}`,
      ...pre[1],
      match(left, not ? '!=' : '==', num(port)),
    );
  if (r.chance(50)) return piece(`${pre[0]}${proto} ${side} > ${port}`, ...pre[1], match(left, '>', num(port)));
  const elements: Element[] = [
    { kind: 'number', number: port },
    { kind: 'number-range', from: 2000, to: 3000 },
  ];
  return piece(
    `${pre[0]}${proto} ${side} ${not ? '!= ' : ''}{ ${port}, 2000-3000 }`,
    ...pre[1],
    member(left, not, elements),
  );
}

function statePiece({ random: r }: Place): Piece {
  const words = ['new', 'established', 'related', 'invalid', 'untracked'];
  const w = [...new Set([r.pick(words), r.pick(words)])];
  if (r.chance(25)) return piece(`ct state != ${w[0]!}`, match(ct('state'), '!=', word(w[0]!)));
  return piece(`ct state ${w.join(',')}`, match(ct('state'), '==', word(w.join(','))));
}

function ctPiece({ random: r, family }: Place): Piece {
  switch (r.int(5)) {
    case 0:
      return statusPiece(r);
    case 1: {
      const d = r.pick(['original', 'reply']);
      return piece(`ct direction ${d}`, match(ct('direction'), '==', word(d)));
    }
    case 2:
      return piece('ct mark != 0', match(ct('mark'), '!=', num(0)));
    case 3: {
      const a = r.pick(FAR[family]);
      const [direction, side] = [r.pick(['original', 'reply'] as const), r.pick(['saddr', 'daddr'] as const)];
      return piece(
        `ct ${direction} ${family === 4 ? 'ip' : 'ip6'} ${side} ${a}`,
        match(ct(`${direction}.${side}`), '==', { kind: 'address', address: address(a) }),
      );
    }
    default: {
      const [direction, side] = [r.pick(['original', 'reply'] as const), r.pick(['sport', 'dport'] as const)];
      const port = r.pick(PORTS);
      return piece(
        `meta l4proto tcp ct ${direction} proto-${side === 'sport' ? 'src' : 'dst'} ${port}`,
        match(meta('l4proto'), '==', num(6)),
        match(ct(`${direction}.${side}`), '==', num(port)),
      );
    }
  }
}

function statusPiece(r: RandomSource): Piece {
  const w = r.pick(['snat', 'dnat', 'seen-reply', 'assured', 'confirmed']);
  return piece(`ct status ${w}`, match(ct('status'), '==', word(w)));
}

function metaPiece({ random: r, family, inet, hook }: Place): Piece {
  switch (r.int(9)) {
    case 0:
    case 1: {
      const [key, name, not] = [r.pick(['iifname', 'oifname'] as const), r.pick(NAMES), r.chance(30)];
      return piece(`${key} ${not ? '!= ' : ''}"${name}"`, match(meta(key), not ? '!=' : '==', word(name)));
    }
    case 2: {
      const key = r.pick(['iifname', 'oifname'] as const);
      return piece(`${key} "t*"`, member(meta(key), false, [{ kind: 'name-start', start: 't' }]));
    }
    case 3: {
      const [key, n, not] = [r.pick(['iif', 'oif'] as const), r.pick([1, 2, 3]), r.chance(30)];
      return piece(`meta ${key} ${not ? '!= ' : ''}${n}`, match(meta(key), not ? '!=' : '==', num(n)));
    }
    case 4: {
      const [m, v] = [r.pick([1, 3, 0xf0]), r.pick([0, 1])];
      return piece(
        `meta mark & ${m} == ${v}`,
        match({ kind: 'binary', op: '&', left: meta('mark'), right: num(m) }, '==', num(v)),
      );
    }
    case 5: {
      const p = r.pick([6, 17, family === 4 ? 1 : 58]);
      return piece(`meta l4proto ${p}`, match(meta('l4proto'), '==', num(p)));
    }
    case 6: {
      // nft wants the family said in inet; without an interface kernels differ
      if (inet || hook !== 'forward') return piece('meta mark 0', match(meta('mark'), '==', num(0)));
      const [key, not] = [r.pick(['iiftype', 'oiftype'] as const), r.chance(50)];
      return piece(`meta ${key} ${not ? '!= ' : ''}65534`, match(meta(key), not ? '!=' : '==', num(65534)));
    }
    case 7:
      return piece('meta mark != 0', match(meta('mark'), '!=', num(0)));
    default:
      return piece(
        'fib daddr type local',
        match({ kind: 'fib', result: 'type', flags: ['daddr'] }, '==', word('local')),
      );
  }
}

function otherPiece({ random: r, family }: Place): Piece {
  const icmp = family === 4 ? 'icmp' : 'icmpv6';
  switch (r.int(4)) {
    case 0: {
      const t = r.pick(family === 4 ? [8, 0, 3] : [128, 129, 1]);
      return piece(`${icmp} type ${t}`, match(field(`${icmp}.type`), '==', num(t)));
    }
    case 1:
      return piece(
        'tcp flags & (syn | ack) == syn',
        match({ kind: 'binary', op: '&', left: field('tcp.flags'), right: num(18) }, '==', num(2)),
      );
    case 2:
      return family === 4
        ? piece('ip ttl < 64', match(field('ip.ttl'), '<', num(64)))
        : piece('meta mark 0', match(meta('mark'), '==', num(0)));
    default:
      return piece('meta length > 30', match(meta('length'), '>', num(30)));
  }
}

/** Members of a concatenation, named or written in the rule. */
function concatPiece({ random: r, family, sets }: Place): Piece {
  const ip = family === 4 ? 'ip' : 'ip6';
  const [a, b] = [r.pick(FAR[family]), r.pick(BLOCKS[family])];
  const [p, q] = [r.pick(PORTS), r.pick(PORTS)];
  const left: Value = { kind: 'concat', parts: [field(`${ip}.saddr`), field('tcp.dport')] };
  const elements: Element[] = [
    {
      kind: 'concat',
      parts: [
        { kind: 'address', address: address(a) },
        { kind: 'number', number: p },
      ],
    },
    {
      kind: 'concat',
      parts: [
        { kind: 'prefix', prefix: prefix(b) },
        { kind: 'number-range', from: q, to: q + 2000 },
      ],
    },
  ];
  const not = r.chance(30);
  const name = `s${sets.length}`;
  const interval = r.chance(50);
  const used = interval ? [elements[1]!] : [elements[0]!];
  const text = interval ? `${b} . ${q}-${q + 2000}` : `${a} . ${p}`;
  sets.push({
    name,
    dynamic: false,
    entries: used.map((key) => ({ key })),
    fact: {
      source: `typeof ${ip} saddr . tcp dport; ${interval ? 'flags interval; ' : ''}elements = { ${text} }`,
      line: 0,
      text: name,
    },
  });
  return piece(`${ip} saddr . tcp dport ${not ? '!= ' : ''}@${name}`, {
    kind: 'member',
    left,
    negated: not,
    of: { kind: 'named', name },
  });
}

/** One condition of a rule. */
export function randomMatch(place: Place): Piece {
  return place.random.pick([
    addressPiece,
    addressPiece,
    portPiece,
    statePiece,
    ctPiece,
    metaPiece,
    metaPiece,
    otherPiece,
    concatPiece,
  ])(place);
}
