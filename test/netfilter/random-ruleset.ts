import type {
  Chain,
  Element,
  FilterTable,
  HookName,
  NamedSet,
  Ruleset,
  Statement,
  Value,
} from '../../src/model/index.ts';
import {
  address,
  base,
  chain,
  prefix,
  rule,
  ruleset,
  table,
  to,
  verdict,
} from '../../src/trace/netfilter/testing/ruleset-builder.ts';
import type { RandomSource } from './random-source.ts';

/** A piece of a rule as nft reads it and as the model has it. */
interface Piece {
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** A ruleset as nft reads it and as the model has it. */
export interface RandomRuleset {
  readonly text: string;
  readonly model: Ruleset;
}

const NAMES = ['t0', 't1', 'lo', 't9'];
export const FAR: Readonly<Record<4 | 6, readonly string[]>> = {
  4: ['10.0.0.5', '10.0.0.6', '10.1.0.8', '10.1.0.9', '198.51.100.7'],
  6: ['fd00:0::5', 'fd00:0::6', 'fd00:1::8', 'fd00:1::9', '2001:db8::7'],
};
export const OWN: Readonly<Record<4 | 6, readonly string[]>> = {
  4: ['10.0.0.1', '10.1.0.2'],
  6: ['fd00:0::1', 'fd00:1::1'],
};
const BLOCKS = {
  4: ['10.0.0.0/24', '10.1.0.0/24', '10.0.0.0/8', '10.1.0.8/31'],
  6: ['fd00::/64', 'fd00:1::/64', 'fd00::/16', 'fd00:1::8/127'],
};
export const PORTS = [80, 81, 443, 1000, 1001, 1002];

const field = (f: Extract<Value, { kind: 'field' }>['field']): Value => ({ kind: 'field', field: f });
const meta = (key: Extract<Value, { kind: 'meta' }>['key']): Value => ({ kind: 'meta', key });
const ct = (key: Extract<Value, { kind: 'ct' }>['key']): Value => ({ kind: 'ct', key });
const num = (number: number): Value => ({ kind: 'number', number });
const word = (text: string): Value => ({ kind: 'text', text });
const match = (left: Value, op: '==' | '!=' | '<' | '>' | '<=' | '>=', right: Value): Statement => ({
  kind: 'match',
  left,
  op,
  right,
});
const member = (left: Value, negated: boolean, elements: readonly Element[]): Statement => ({
  kind: 'member',
  left,
  negated,
  of: { kind: 'inline', entries: elements.map((key) => ({ key })) },
});

/** What the generator knows about the place of a rule. */
interface Place {
  readonly random: RandomSource;
  readonly family: 4 | 6;
  readonly hook: HookName | null;
  readonly inet: boolean;
  readonly sets: NamedSet[];
}

const piece = (text: string, ...statements: Statement[]): Piece => ({ text, statements });

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

function randomMatch(place: Place): Piece {
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

function markPiece({ random: r }: Place): Piece {
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

function verdictPiece(place: Place, chains: readonly string[]): Piece {
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

function natPiece({ random: r, family, hook, inet }: Place): Piece {
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

interface Rule {
  readonly text: string;
  readonly statements: readonly Statement[];
}

const protocolIn = (pieces: readonly Piece[]): string | null =>
  /tcp, udp|\b(tcp|udp|icmpv?6?|l4proto \d+)\b/.exec(pieces.map((p) => p.text).join(' '))?.[0] ?? null;

function randomRule(place: Place, chains: readonly string[], nat: boolean): Rule {
  const r = place.random;
  const pieces: Piece[] = [];
  // nft refuses two protocols in one rule
  const add = (p: Piece): void => {
    const earlier = protocolIn(pieces);
    const now = protocolIn([p]);
    if (earlier === null || now === null || earlier === now) pieces.push(p);
  };
  for (let i = r.int(3); i > 0; i--) add(randomMatch(place));
  if (place.hook === 'prerouting' && !nat && r.chance(8)) pieces.push(piece('notrack', { kind: 'notrack' }));
  else if (nat && r.chance(60)) add(natPiece(place));
  else add(r.chance(50) ? markPiece(place) : verdictPiece(place, chains));
  return { text: pieces.map((p) => p.text).join(' '), statements: pieces.flatMap((p) => p.statements) };
}

// -200 itself is left out: who is first there depends on what was loaded before
const PLACES: readonly [HookName, 'filter' | 'nat' | 'route', readonly number[]][] = [
  ['prerouting', 'filter', [-300, -199, -150, -100, 0]],
  ['prerouting', 'nat', [-100, 0]],
  ['input', 'filter', [-150, 0, 100]],
  ['input', 'nat', [100]],
  ['forward', 'filter', [-150, 0, 0]],
  ['output', 'route', [-150]],
  ['output', 'filter', [-300, 0]],
  ['output', 'nat', [-100]],
  ['postrouting', 'filter', [-150, 0, 200]],
  ['postrouting', 'nat', [100, 0]],
];

function randomTable(r: RandomSource, family: 4 | 6, name: string): { text: string; table: FilterTable } {
  const inet = r.chance(50);
  const kind = inet ? 'inet' : family === 4 ? 'ip' : 'ip6';
  const sets: NamedSet[] = [];
  const chains: Chain[] = [];
  const texts: string[] = [];
  const add = (chainName: string, rules: readonly Rule[], hook: Chain['hook'] | null): void => {
    const made = rules.map((x) => rule(x.statements, x.text));
    chains.push(hook ? base(hook.hook, hook.priority, made, { ...hook, name: chainName }) : chain(chainName, made));
    const head = hook ? `type ${hook.type} hook ${hook.hook} priority ${hook.priority}; policy ${hook.policy};\n` : '';
    texts.push(`chain ${chainName} {\n${head}${rules.map((x) => `  ${x.text}\n`).join('')}}\n`);
  };
  const some = (place: Place, calls: readonly string[], nat: boolean): Rule[] =>
    Array.from({ length: 1 + r.int(3) }, () => randomRule(place, calls, nat));
  const filterPlace: Place = { random: r, family, hook: null, inet, sets };
  add('u2', some(filterPlace, [], false), null);
  add('u1', some(filterPlace, ['u2'], false), null);
  for (let i = 1 + r.int(5); i > 0; i--) {
    const [hook, type, priorities] = r.pick(PLACES);
    const policy = type === 'filter' && r.chance(7) ? 'drop' : 'accept';
    const placed: Place = { random: r, family, hook, inet, sets };
    add(`b${i}`, some(placed, ['u1', 'u2'], type === 'nat'), { hook, type, priority: r.pick(priorities), policy });
  }
  const setText = sets.map((s) => `set ${s.name} { ${s.fact.source}; }\n`).join('');
  return {
    text: `table ${kind} ${name} {\n${setText}${texts.join('')}}\n`,
    table: table(chains, { family: kind, name, sets }),
  };
}

/** One to three tables of random chains. */
export function randomRuleset(r: RandomSource, family: 4 | 6): RandomRuleset {
  const tables = Array.from({ length: 1 + r.int(3) }, (_, i) => randomTable(r, family, `x${i}`));
  return { text: tables.map((t) => t.text).join(''), model: ruleset(...tables.map((t) => t.table)) };
}
