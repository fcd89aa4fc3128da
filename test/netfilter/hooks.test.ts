import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/ip/index.ts';
import type { Connection } from '../../src/trace/connection.ts';
import { base, rule, table } from '../../src/trace/netfilter/testing/ruleset-builder.ts';
import { router } from '../../src/trace/netfilter/testing/hook-world.ts';
import type { Packet } from '../../src/trace/packet.ts';
import { KernelRouter, type Answer } from './kernel-router.ts';
import { ModelRouter, type Seen, type Sent } from './model-router.ts';
import { packetBytes, readPacket } from './packet-bytes.ts';
import { CLIENT_PORTS, nextPacket, type Injection } from './random-packets.ts';
import { randomRuleset, type RandomRuleset } from './random-ruleset.ts';
import { RandomSource } from './random-source.ts';

const isRoot = process.getuid?.() === 0;
const HOOKS = ['prerouting', 'input', 'forward', 'postrouting'] as const;

const STATUS = ['assured', 'dnat', 'seen-reply', 'snat'] as const;

/** Chains behind all others that write down what they see of each packet; not of the machine's own. */
function observer(family: 4 | 6): string {
  const id = family === 4 ? 'ip id' : 'ip6 flowlabel';
  const set = (name: string, key: string): string => `set ${name} { typeof ${key}; flags dynamic; size 1000; }\n`;
  const hooks = HOOKS.map((h) => {
    const sets = set(`a_${h}`, `${id} . meta mark . ct state`) + set(`b_${h}`, `${id} . ct mark`);
    const words = STATUS.map((w) => set(`${w}_${h}`, id)).join('');
    const rules = [
      `add @a_${h} { ${id} . meta mark . ct state }`,
      `add @b_${h} { ${id} . ct mark }`,
      ...STATUS.map((w) => `ct status ${w} add @${w}_${h} { ${id} }`),
    ];
    const body = rules.map((r) => `iifname "t*" ${r}\n`).join('');
    return `${sets}${words}chain ${h}_seen { type filter hook ${h} priority 2000;\n${body}}\n`;
  });
  return `table ${observerName(family)} {\n${hooks.join('')}}\n`;
}

const observerName = (family: 4 | 6): string => (family === 4 ? 'ip observer' : 'ip6 observer');

/** That the observer asks for states switches connection tracking on, so the model has to ask too. */
const asking = rule([
  { kind: 'match', left: { kind: 'ct', key: 'state' }, op: '==', right: { kind: 'text', text: 'new' } },
]);
const observerModel = table([base('prerouting', 2000, [asking]), base('input', 2000, [asking])], { name: 'observer' });

/** What the observer wrote down. */
function kernelSeen(answer: Answer): Seen[] {
  return HOOKS.flatMap((hook) => {
    const marks = new Map(members(answer, `b_${hook}`).map((e) => e as [number, number]));
    const words = STATUS.map((w) => [w, new Set(members(answer, `${w}_${hook}`).map(([id]) => id))] as const);
    return members(answer, `a_${hook}`).map(([id, mark, state]): Seen => {
      const status = words.flatMap(([w, ids]) => (ids.has(id) ? [w] : [])).join(',');
      return [hook, id as number, mark as number, state as string, marks.get(id as number) ?? null, status];
    });
  });
}

const members = (answer: Answer, set: string): (readonly unknown[])[] =>
  (answer.sets[set] ?? []).map((e) => (typeof e === 'object' ? e.concat : [e]));

function show(p: Packet): string {
  const ends = `${formatAddress(p.source)}:${p.sourcePort} > ${formatAddress(p.destination)}:${p.destinationPort}`;
  const kind = p.icmpType >= 0 ? `icmp ${p.icmpType}/${p.icmpCode}` : `proto ${p.protocol} flags ${p.tcpFlags}`;
  return p.inner ? `${ends} ${kind} [${show(p.inner)}]` : `${ends} ${kind}`;
}

/** Ports that the kernel draws at random, when the wanted one is taken. */
const ORDINARY = new Set([80, 81, 443, 8080, 1443, 1444, ...CLIENT_PORTS]);
const isDrawn = (p: Packet): boolean => (p.inner ? isDrawn(p.inner) : !ORDINARY.has(p.sourcePort));

/** ICMP: both directions carry the same number. */
const drawsPort = ({ reply: t }: Connection): boolean =>
  !ORDINARY.has(t.protocol === 6 || t.protocol === 17 ? t.destinationPort : t.sourcePort);

interface World {
  readonly ruleset: RandomRuleset;
  readonly injected: Injection[];
  readonly sent: Sent[][];
  readonly seen: readonly Seen[];
  readonly clashed: ReadonlySet<number>;
}

function modelWorld(r: RandomSource, family: 4 | 6): World {
  const ruleset = randomRuleset(r, family);
  const host = router({ ...ruleset.model, tables: [...ruleset.model.tables, observerModel] });
  const model = new ModelRouter(host);
  const injected: Injection[] = [];
  const sent: Sent[][] = [];
  for (let i = 0; i < 14; i++) {
    const next = nextPacket(
      r,
      family,
      [...model.sent.map((s) => s.packet), ...injected.map((x) => x.packet)],
      60_000 + i,
    );
    const left = model.put(next);
    if (left.some((s) => isDrawn(s.packet)) || model.connections.connections.some(drawsPort)) break;
    injected.push(next);
    sent.push(left);
  }
  const ids = new Set(injected.map((i) => i.extras.id));
  return { ruleset, injected, sent, seen: model.seen.filter((s) => ids.has(s[1])), clashed: model.clashed };
}

const isLast = (hook: string): boolean => hook === 'postrouting' || hook === 'input';

const unique = (seen: readonly Seen[]): string[] => [...new Set(seen.map((s) => JSON.stringify(s)))].sort();

describe.skipIf(!isRoot)('hooks, against the kernel', () => {
  const kernel = new KernelRouter();
  beforeAll(() => kernel.ready());
  afterAll(() => kernel.close());

  const worlds = Number(process.env.WAYMARK_WORLDS ?? 60);
  const first = Number(process.env.WAYMARK_SEED ?? 1);
  for (const family of [4, 6] as const) {
    it(`makes of random packets in random IPv${family} rulesets what the kernel makes`, async () => {
      for (let seed = first; seed < first + worlds; seed++) {
        const world = modelWorld(new RandomSource(seed * 2 + (family === 6 ? 1 : 0)), family);
        const sets = HOOKS.flatMap((h) =>
          ['a', 'b', ...STATUS].map((n) => [observerName(family), `${n}_${h}`] as const),
        );
        const answer = await kernel.ask({
          ruleset: world.ruleset.text + observer(family),
          packets: world.injected.map((i) => [i.device, packetBytes(i.packet, i.extras).toString('hex')]),
          sets,
        });
        expect(answer.refused, world.ruleset.text).toBeNull();
        const story = (out: readonly (readonly string[])[]): string =>
          world.injected
            .map((inj, i) => `${i}: t${inj.device} ${show(inj.packet)}\n   -> ${(out[i] ?? []).join(' | ')}`)
            .join('\n');
        const expected = answer.out.map((o) =>
          o.map(([d, hex]) => `t${d} ${show(readPacket(Buffer.from(hex, 'hex')))}`),
        );
        const got = world.sent.map((s) => s.map((x) => `${x.device} ${show(x.packet)}`));
        const hint = `seed ${seed}\n${world.ruleset.text}`;
        expect(story(got), `${hint}\n${process.env.WAYMARK_STORY ? story(expected) : ''}`).toBe(story(expected));
        expect(unique(world.seen), `${hint}\n${story(expected)}`).toEqual(
          unique(kernelSeen(answer).filter(([hook, id]) => !isLast(hook) || !world.clashed.has(id))),
        );
      }
    }, 120_000);
  }
});
