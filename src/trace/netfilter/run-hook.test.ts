import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../ip/index.ts';
import { emptyRuleset, type Host, type HookName, type Ruleset, type Statement } from '../../model/index.ts';
import { Choices } from '../choice.ts';
import type { ConnectionTable } from '../connection.ts';
import type { HookResult, Tracked } from '../hook-context.ts';
import { PROTOCOL, TCP, type Packet } from '../packet.ts';
import type { Step } from '../step.ts';
import { runHook } from './run-hook.ts';
import { at, packet, router } from './testing/hook-world.ts';
import {
  address,
  base,
  chain,
  fact,
  is,
  prefix,
  rule,
  ruleset,
  state,
  table,
  to,
  verdict,
} from './testing/ruleset-builder.ts';

/** One router while packets go through it; steps of all hooks in a row. */
class Walk {
  readonly steps: Step[] = [];
  readonly table: ConnectionTable = { connections: [] };
  readonly choices: Choices;
  readonly #host: Host;

  constructor(rules: Ruleset, settings: Readonly<Record<string, string>> = {}, script: readonly number[] = []) {
    this.#host = router(rules, settings);
    this.choices = new Choices(script);
  }

  hook(hook: HookName, p: Packet, tracked: Tracked | null, way: { in?: string; out?: string } = {}): HookResult {
    const { steps, choices } = this;
    return runHook(
      p,
      tracked,
      at(hook, this.#host, this.table, { in: way.in ?? null, out: way.out ?? null, steps, choices }),
    );
  }

  /** Through the router; null when a hook let it fall. */
  forward(p: Packet, dev: string, out: string): Packet | null {
    let [now, tracked]: [Packet, Tracked | null] = [p, null];
    for (const [hook, way] of [
      ['prerouting', { in: dev }],
      ['forward', { in: dev, out }],
      ['postrouting', { in: dev, out }],
    ] as const) {
      const result = this.hook(hook, now, tracked, way);
      if (result.kind !== 'accept') return null;
      [now, tracked] = [result.packet, result.tracked];
    }
    return now;
  }

  states(): string[] {
    return this.steps.flatMap(({ action }) => (action.kind === 'tracked' ? [action.state] : []));
  }
}

const forward = (w: Walk, p: Packet): HookResult['kind'] => w.hook('forward', p, null, { in: 't0', out: 't1' }).kind;
const ends = (p: Packet | null): string =>
  p ? `${formatAddress(p.source)}:${p.sourcePort} > ${formatAddress(p.destination)}:${p.destinationPort}` : 'dropped';
const answer = (p: Packet, more: Parameters<typeof packet>[0] = {}): Packet =>
  packet({
    source: formatAddress(p.destination),
    destination: formatAddress(p.source),
    sourcePort: p.destinationPort,
    destinationPort: p.sourcePort,
    tcpFlags: TCP.syn | TCP.ack,
    ...more,
  });

describe('chains', () => {
  it('records the rule that decided, and how many were met', () => {
    const w = new Walk(
      ruleset(
        table([
          base(
            'forward',
            0,
            [rule([is('tcp.dport', 22), verdict('accept')]), rule([is('tcp.dport', 80), verdict('drop')], 'drop web')],
            { name: 'fw' },
          ),
        ]),
      ),
    );
    expect(forward(w, packet())).toBe('drop');
    expect(w.steps).toEqual([
      {
        stage: 'forward',
        because: [fact('drop web')],
        action: { kind: 'filter', table: 'inet t', chain: 'fw', verdict: 'drop', byPolicy: false, rulesMet: 2 },
      },
    ]);
  });

  it('records the policy with the chain as its reason, and nothing for an empty accepting chain', () => {
    const strict = new Walk(
      ruleset(table([base('forward', 0, [], { name: 'fw', policy: 'drop' }), base('forward', -5, [])])),
    );
    expect(forward(strict, packet())).toBe('drop');
    expect(strict.steps.map((s) => [s.because[0]?.text, s.action])).toEqual([
      ['chain fw', { kind: 'filter', table: 'inet t', chain: 'fw', verdict: 'drop', byPolicy: true, rulesMet: 0 }],
    ]);
  });

  it('asks every base chain: an accept in one does not save from a drop in the next', () => {
    const w = new Walk(
      ruleset(table([base('forward', 10, [rule([verdict('drop')])]), base('forward', 0, [rule([verdict('accept')])])])),
    );
    expect(forward(w, packet())).toBe('drop');
    expect(w.steps.map((s) => s.action.kind === 'filter' && s.action.chain)).toEqual(['forward0', 'forward10']);
  });

  it("goes back after jump and return, and to the caller's caller after goto", () => {
    const mark = (n: number): Statement => ({
      kind: 'set-mark',
      target: 'meta',
      value: { kind: 'binary', op: '|', left: { kind: 'meta', key: 'mark' }, right: { kind: 'number', number: n } },
    });
    const w = new Walk(
      ruleset(
        table([
          chain('a', [rule([mark(1)]), rule([verdict('return')]), rule([mark(2)])]),
          chain('b', [rule([mark(4), to('goto', 'c')]), rule([mark(8)])]),
          chain('c', [rule([mark(16)])]),
          base('forward', 0, [rule([to('jump', 'a')]), rule([to('jump', 'b')]), rule([mark(32)])]),
        ]),
      ),
    );
    const result = w.hook('forward', packet(), null, { in: 't0', out: 't1' });
    expect(result.kind === 'accept' && result.packet.mark).toBe(1 + 4 + 16 + 32);
  });

  it.each(['jump', 'goto'] as const)('ends a circle of %ss as uncertain', (kind) => {
    const circle = [chain('a', [rule([to(kind, 'b')])]), chain('b', [rule([to(kind, 'a')])])];
    for (const engine of ['iptables', 'nftables'] as const) {
      const w = new Walk(ruleset(table([...circle, base('forward', 0, [rule([to('goto', 'a')])])], { engine })));
      expect(forward(w, packet())).toBe('drop');
      expect(w.steps.map((s) => s.action.kind)).toContain('uncertain');
    }
  });

  it('leaves other families alone', () => {
    const six = ruleset(
      table([base('forward', 0, [], { policy: 'drop' })], { family: 'ip6' }),
      table([base('forward', 0, [], { policy: 'drop' })], { family: 'bridge' }),
    );
    expect(forward(new Walk(six), packet())).toBe('accept');
    expect(forward(new Walk(six), packet({ source: 'fd00:0::5', destination: 'fd00:1::9' }))).toBe('drop');
  });

  it('says that it assumes where no rules were collected', () => {
    const w = new Walk(emptyRuleset(false));
    expect(forward(w, packet())).toBe('accept');
    expect(w.steps[0]?.because[0]?.source).toBe('assumption');
  });
});

describe('matches', () => {
  it('ends the rule on a field that the packet does not have, also for !=', () => {
    const notSsh: Statement = {
      kind: 'match',
      left: { kind: 'field', field: 'tcp.dport' },
      op: '!=',
      right: { kind: 'number', number: 22 },
    };
    const rules = ruleset(table([base('forward', 0, [rule([notSsh, verdict('drop')])])]));
    expect(forward(new Walk(rules), packet())).toBe('drop');
    expect(forward(new Walk(rules), packet({ protocol: PROTOCOL.udp }))).toBe('accept');
  });

  it('tries both answers of a match that is not modelled', () => {
    const rules = ruleset(
      table([base('forward', 0, [rule([{ kind: 'unmodelled-match', text: '-m geoip' }, verdict('drop')])])]),
    );
    const first = new Walk(rules);
    expect(forward(first, packet())).toBe('accept');
    expect(first.steps[0]?.action).toEqual({ kind: 'uncertain', what: '-m geoip', taken: 'does not match' });
    expect(forward(new Walk(rules, {}, first.choices.others()[0]), packet())).toBe('drop');
  });

  it('does not ask about a match that nothing depends on', () => {
    const w = new Walk(
      ruleset(
        table([
          base('forward', 0, [
            rule([
              { kind: 'unmodelled-match', text: 'x' },
              { kind: 'ignored', text: 'LOG' },
            ]),
          ]),
        ]),
      ),
    );
    expect(forward(w, packet())).toBe('accept');
    expect(w.choices.met).toEqual([]);
  });

  it('takes a set that packets add to as uncertain where the address is not listed', () => {
    const member: Statement = {
      kind: 'member',
      left: { kind: 'field', field: 'ip.saddr' },
      negated: false,
      of: { kind: 'named', name: 's' },
    };
    const set = {
      name: 's',
      dynamic: true,
      entries: [{ key: { kind: 'address', address: address('10.0.0.5') } }],
      fact: fact('s'),
    } as const;
    const rules = ruleset(table([base('forward', 0, [rule([member, verdict('drop')])])], { sets: [set] }));
    expect(forward(new Walk(rules), packet())).toBe('drop');
    const other = packet({ source: '10.0.0.6' });
    expect(forward(new Walk(rules), other)).toBe('accept');
    expect(forward(new Walk(rules, {}, [1]), other)).toBe('drop');
  });

  it('takes a random spread as random, and a certain one as certain', () => {
    const spread = (n: number): Statement => ({
      kind: 'match',
      left: { kind: 'any-of', modulus: 4, offset: 0, text: 'numgen' },
      op: '<',
      right: { kind: 'number', number: n },
    });
    const rules = (n: number): Ruleset => ruleset(table([base('forward', 0, [rule([spread(n), verdict('drop')])])]));
    const either = new Walk(rules(2));
    expect(forward(either, packet())).toBe('accept');
    expect(either.choices.met[0]?.random).toBe(true);
    const certain = new Walk(rules(4));
    expect(forward(certain, packet())).toBe('drop');
    expect(certain.choices.met).toEqual([]);
  });

  it('sends by verdict map', () => {
    const map: Statement = {
      kind: 'verdict-map',
      key: { kind: 'field', field: 'tcp.dport' },
      of: {
        kind: 'inline',
        entries: [
          { key: { kind: 'number', number: 80 }, verdict: { kind: 'drop' } },
          { key: { kind: 'anything' }, verdict: { kind: 'accept' } },
        ],
      },
    };
    const rules = ruleset(table([base('forward', 0, [rule([map]), rule([verdict('drop')])])]));
    expect(forward(new Walk(rules), packet())).toBe('drop');
    expect(forward(new Walk(rules), packet({ destinationPort: 81 }))).toBe('accept');
  });

  it('answers a reset with silence, and lets the rule be for what is not TCP', () => {
    const rules = ruleset(table([base('forward', 0, [rule([{ kind: 'reject', with: { kind: 'tcp-reset' } }])])]));
    expect(forward(new Walk(rules), packet())).toBe('reject');
    expect(forward(new Walk(rules), packet({ tcpFlags: TCP.rst }))).toBe('drop');
    expect(forward(new Walk(rules), packet({ protocol: PROTOCOL.udp }))).toBe('accept');
  });
});

const stateful = ruleset(
  table([
    base(
      'forward',
      0,
      [
        rule([state('invalid'), verdict('drop')], 'drop invalid'),
        rule([state('established,related,new'), verdict('accept')]),
      ],
      { policy: 'drop' },
    ),
  ]),
);

describe('connection tracking', () => {
  it('does not run without a rule that needs it', () => {
    const w = new Walk(ruleset(table([base('forward', 0, [rule([is('tcp.dport', 22), verdict('drop')])])])));
    expect(w.forward(packet(), 't0', 't1')).not.toBeNull();
    expect(w.table.connections).toEqual([]);
  });

  it('follows the three packets of a handshake', () => {
    const w = new Walk(stateful);
    const syn = packet();
    expect(w.forward(syn, 't0', 't1')).not.toBeNull();
    expect(w.forward(answer(syn), 't1', 't0')).not.toBeNull();
    expect(w.forward(packet({ tcpFlags: TCP.ack }), 't0', 't1')).not.toBeNull();
    expect(w.states()).toEqual(['new', 'established', 'established']);
    expect(w.table.connections.map((c) => [c.tcp, c.assured])).toEqual([['established', true]]);
  });

  it('finds half a flow invalid: the SYN-ACK and the echo reply of a request that went another way', () => {
    const w = new Walk(stateful);
    expect(w.forward(packet({ tcpFlags: TCP.syn | TCP.ack }), 't0', 't1')).toBeNull();
    expect(w.forward(packet({ protocol: PROTOCOL.icmp, icmpType: 0 }), 't0', 't1')).toBeNull();
    expect(w.states()).toEqual(['invalid', 'invalid']);
  });

  it.each(['0', '1'])('finds the third packet invalid when the SYN-ACK went another way (tcp_loose %s)', (loose) => {
    const w = new Walk(stateful, { 'netfilter/nf_conntrack_tcp_loose': loose });
    expect(w.forward(packet(), 't0', 't1')).not.toBeNull();
    expect(w.forward(packet({ tcpFlags: TCP.ack }), 't0', 't1')).toBeNull();
  });

  it('picks up a connection in the middle only when tcp_loose is set', () => {
    const middle = packet({ tcpFlags: TCP.ack });
    expect(new Walk(stateful).forward(middle, 't0', 't1')).not.toBeNull();
    expect(new Walk(stateful, { 'netfilter/nf_conntrack_tcp_loose': '0' }).forward(middle, 't0', 't1')).toBeNull();
  });

  it('leaves nothing of a first packet that was dropped', () => {
    const w = new Walk(ruleset(table([base('forward', 0, [rule([state('new'), verdict('drop')])])])));
    expect(w.forward(packet(), 't0', 't1')).toBeNull();
    expect(w.table.connections).toEqual([]);
  });

  it('forgets a connection whose only answer is a reset', () => {
    const w = new Walk(stateful);
    w.forward(packet(), 't0', 't1');
    expect(w.forward(answer(packet(), { tcpFlags: TCP.rst | TCP.ack }), 't1', 't0')).not.toBeNull();
    expect(w.table.connections).toEqual([]);
  });

  it('does not track what raw excepts, nor neighbour discovery', () => {
    const w = new Walk(
      ruleset(
        table([
          base('prerouting', -300, [rule([{ kind: 'notrack' }], 'no track')]),
          base('forward', 0, [rule([state('untracked'), verdict('drop')])]),
        ]),
      ),
    );
    expect(w.forward(packet(), 't0', 't1')).toBeNull();
    expect(w.steps[1]).toMatchObject({ because: [fact('no track')], action: { kind: 'tracked', state: 'untracked' } });
    const six = new Walk(stateful);
    six.forward(
      packet({ source: 'fd00:0::5', destination: 'fd00:1::9', protocol: PROTOCOL.icmpv6, icmpType: 135 }),
      't0',
      't1',
    );
    expect(six.states()).toEqual(['untracked']);
  });

  it('relates an ICMP error to the connection that it speaks of', () => {
    const w = new Walk(stateful);
    const syn = packet();
    w.forward(syn, 't0', 't1');
    const error = packet({
      source: '10.1.0.1',
      destination: '10.0.0.5',
      protocol: PROTOCOL.icmp,
      icmpType: 3,
      icmpCode: 1,
      inner: syn,
    });
    expect(w.forward(error, 't1', 't0')).not.toBeNull();
    expect(w.forward({ ...error, inner: packet({ sourcePort: 5 }) }, 't1', 't0')).toBeNull();
    expect(w.states()).toEqual(['new', 'related', 'invalid']);
  });
});

const nat = (hook: HookName, priority: number, ...rules: Statement[][]): ReturnType<typeof base> =>
  base(
    hook,
    priority,
    rules.map((r, i) => rule(r, `${hook} ${i}`)),
    { type: 'nat', name: `${hook}${priority}nat` },
  );

describe('translation', () => {
  it('masquerades on the way there and undoes it on the way back', () => {
    const w = new Walk(ruleset(table([nat('postrouting', 100, [{ kind: 'masquerade' }])])));
    const syn = packet();
    const out = w.forward(syn, 't0', 't1');
    expect(ends(out)).toBe('10.1.0.1:1000 > 10.1.0.9:80');
    expect(ends(w.forward(answer(out!), 't1', 't0'))).toBe('10.1.0.9:80 > 10.0.0.5:1000');
    expect(
      w.steps.flatMap((s) =>
        s.action.kind === 'translated' ? [[s.action.what, s.action.undone, s.because[0]?.text]] : [],
      ),
    ).toEqual([
      ['source', false, 'postrouting 0'],
      ['destination', true, 'postrouting 0'],
    ]);
  });

  it('does not translate a packet that belongs to no connection', () => {
    const w = new Walk(ruleset(table([nat('postrouting', 100, [{ kind: 'masquerade' }])])));
    expect(ends(w.forward(packet({ tcpFlags: TCP.syn | TCP.ack }), 't0', 't1'))).toBe('10.0.0.5:1000 > 10.1.0.9:80');
  });

  it("rewrites destination and port, and the answer's source", () => {
    const dnat: Statement = {
      kind: 'dnat',
      to: { address: { kind: 'address', address: address('10.1.0.8') }, port: { kind: 'number', number: 8080 } },
    };
    const w = new Walk(ruleset(table([nat('prerouting', -100, [is('tcp.dport', 80), dnat])])));
    const out = w.forward(packet(), 't0', 't1')!;
    expect(ends(out)).toBe('10.0.0.5:1000 > 10.1.0.8:8080');
    expect(ends(w.forward(answer(out), 't1', 't0'))).toBe('10.1.0.9:80 > 10.0.0.5:1000');
    const error = packet({
      source: '10.1.0.7',
      destination: '10.0.0.5',
      protocol: PROTOCOL.icmp,
      icmpType: 3,
      icmpCode: 1,
      inner: out,
    });
    const back = w.forward(error, 't1', 't0')!;
    expect([ends(back), ends(back.inner!)]).toEqual(['10.1.0.9:1000 > 10.0.0.5:80', '10.0.0.5:1000 > 10.1.0.9:80']);
  });

  it('lets the first chain that decides decide, and asks only for the first packet', () => {
    const snat = (text: string): Statement => ({
      kind: 'snat',
      to: { address: { kind: 'address', address: address(text) } },
    });
    const w = new Walk(
      ruleset(
        table([
          nat('postrouting', 100, [snat('10.1.0.7')]),
          nat('postrouting', 50, [is('tcp.dport', 81), verdict('accept')], [snat('10.1.0.6')]),
        ]),
      ),
    );
    expect(ends(w.forward(packet(), 't0', 't1'))).toBe('10.1.0.6:1000 > 10.1.0.9:80');
    expect(ends(w.forward(packet({ destinationPort: 81 }), 't0', 't1'))).toBe('10.1.0.7:1000 > 10.1.0.9:81');
  });

  it('swaps networks, spreads over a range with a word of warning, and finds another port when one is taken', () => {
    const netmap = new Walk(
      ruleset(table([nat('postrouting', 100, [{ kind: 'snat', to: { netmap: prefix('192.168.7.0/24') } }])])),
    );
    expect(ends(netmap.forward(packet(), 't0', 't1'))).toBe('192.168.7.5:1000 > 10.1.0.9:80');
    const range: Statement = {
      kind: 'snat',
      to: { addressRange: { from: address('10.1.0.6'), to: address('10.1.0.7') } },
    };
    const spread = new Walk(ruleset(table([nat('postrouting', 100, [range])])));
    expect(ends(spread.forward(packet(), 't0', 't1'))).toBe('10.1.0.6:1000 > 10.1.0.9:80');
    expect(spread.steps.some((s) => s.action.kind === 'uncertain')).toBe(true);
    expect(ends(spread.forward(packet({ source: '10.0.0.6' }), 't0', 't1'))).toBe('10.1.0.6:812 > 10.1.0.9:80');
  });

  it('redirects to the input interface, and own packets to loopback', () => {
    const w = new Walk(
      ruleset(
        table([
          nat('prerouting', -100, [{ kind: 'redirect', port: { kind: 'number', number: 3128 } }]),
          nat('output', -100, [{ kind: 'redirect' }]),
        ]),
      ),
    );
    const there = w.hook('prerouting', packet(), null, { in: 't0' });
    expect(there.kind === 'accept' && ends(there.packet)).toBe('10.0.0.5:1000 > 10.0.0.1:3128');
    const own = w.hook('output', packet({ source: '10.1.0.1' }), null, { out: 't1' });
    expect(own.kind === 'accept' && [ends(own.packet), own.way?.dev]).toEqual(['10.1.0.1:1000 > 127.0.0.1:80', 'lo']);
  });

  it('tells that a mark set in a route chain makes the kernel route again, and one in a filter chain does not', () => {
    const set: Statement = { kind: 'set-mark', target: 'meta', value: { kind: 'number', number: 7 } };
    const run = (type: 'route' | 'filter'): unknown => {
      const result = new Walk(ruleset(table([base('output', -150, [rule([set])], { type })]))).hook(
        'output',
        packet(),
        null,
        { out: 't1' },
      );
      return result.kind === 'accept' && (result.way?.dev ?? null);
    };
    expect([run('route'), run('filter')]).toEqual(['t1', null]);
  });
});
