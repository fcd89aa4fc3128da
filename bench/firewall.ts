import { ipv4, prefixOf, sameAddress } from '../src/ip/index.ts';
import type { FilterRule, Statement } from '../src/model/index.ts';
import { runHook } from '../src/trace/netfilter/run-hook.ts';
import { at, packet, router } from '../src/trace/netfilter/testing/hook-world.ts';
import { base, is, rule, ruleset, table, verdict } from '../src/trace/netfilter/testing/ruleset-builder.ts';

/** Prints what a walk through 5,000 rules and a lookup in a set of 50,000 prefixes cost: `tsx bench/firewall.ts`. */
const RULES = 5000;
const ROUNDS = 2000;

const saddr = { kind: 'field', field: 'ip.saddr' } as const;
const l4proto: Statement = {
  kind: 'match',
  left: { kind: 'meta', key: 'l4proto' },
  op: '==',
  right: { kind: 'number', number: 6 },
};

const block = (n: number): Statement => ({
  kind: 'match',
  left: { kind: 'masked-address', of: saddr, mask: ipv4(0xffffff00) },
  op: '==',
  right: { kind: 'address', address: ipv4(0xc0a80000 + n * 256) },
});

const shapes: Readonly<Record<string, (n: number) => FilterRule>> = {
  '-s 192.168.N.0/24 -p tcp --dport P': (n) => rule([block(n), l4proto, is('tcp.dport', n), verdict('accept')]),
  '-p tcp --dport P': (n) => rule([l4proto, is('tcp.dport', 100 + n), verdict('accept')]),
  '-p tcp -s 192.168.N.0/24': (n) => rule([l4proto, block(n), verdict('accept')]),
};

const set: Statement = {
  kind: 'member',
  left: saddr,
  negated: false,
  of: {
    kind: 'inline',
    entries: Array.from({ length: 50_000 }, (_, n) => ({
      key: { kind: 'prefix', prefix: prefixOf(ipv4(0x20000000 + n * 4096), 24) },
    })),
  },
};

function measure(name: string, rules: readonly FilterRule[]): void {
  const host = router(ruleset(table([base('forward', 0, rules)])));
  const p = packet();
  const context = at('forward', host, { connections: [] }, { in: 't0', out: 't1' });
  const once = (): boolean => {
    const result = runHook(p, null, context);
    return result.kind === 'accept' && sameAddress(result.packet.source, p.source);
  };
  const compiled = performance.now();
  once();
  const ready = performance.now();
  for (let i = 0; i < 200; i++) once();
  const start = performance.now();
  for (let i = 0; i < ROUNDS; i++) once();
  const each = ((performance.now() - start) / ROUNDS) * 1000;
  const perRule = ((each * 1000) / rules.length).toFixed(1);
  console.log(
    `${name}: ${each.toFixed(1)} us a packet, ${perRule} ns a rule; compiled in ${(ready - compiled).toFixed(0)} ms`,
  );
}

for (const [name, make] of Object.entries(shapes))
  measure(
    name,
    Array.from({ length: RULES }, (_, n) => make(n)),
  );
measure('-m set of 50,000 prefixes', [rule([set, verdict('drop')])]);
