import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseIptablesSave } from '../../src/dialect/iptables/index.ts';
import { parseNftJson } from '../../src/dialect/nftables/index.ts';
import { formatAddress, isMulticast } from '../../src/ip/index.ts';
import type { Ruleset } from '../../src/model/index.ts';
import type { Connection } from '../../src/trace/connection.ts';
import { base, rule, table } from '../../src/trace/netfilter/testing/ruleset-builder.ts';
import { router } from '../../src/trace/netfilter/testing/hook-world.ts';
import type { Packet } from '../../src/trace/packet.ts';
import { KernelRouter, type Answer, type Question } from './kernel-router.ts';
import { ModelRouter, type Seen, type Sent } from './model-router.ts';
import { packetBytes, readPacket } from './packet-bytes.ts';
import { CLIENT_PORTS, nextPacket, type Injection } from './random-packets.ts';
import { randomIptables } from './random-iptables.ts';
import { randomRuleset } from './random-ruleset.ts';
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

/** What the model makes of a row of packets. */
interface ModelStory {
  readonly injected: readonly Injection[];
  readonly sent: readonly (readonly Sent[])[];
  readonly seen: readonly Seen[];
  readonly clashed: ReadonlySet<number>;
}

const withObserver = (rules: Ruleset): Ruleset => ({ ...rules, tables: [...rules.tables, observerModel] });

/** Draws packets one after the other, each with a view to what came of those before. */
function drawStory(r: RandomSource, family: 4 | 6, rules: Ruleset): ModelStory {
  const model = new ModelRouter(router(withObserver(rules)));
  const injected: Injection[] = [];
  const sent: Sent[][] = [];
  for (let i = 0; i < 14; i++) {
    const known = [...model.sent.map((s) => s.packet), ...injected.map((x) => x.packet)];
    const next = nextPacket(r, family, known, 60_000 + i);
    const left = model.put(next);
    if (left.some((s) => isDrawn(s.packet)) || model.connections.connections.some(drawsPort)) break;
    injected.push(next);
    sent.push(left);
  }
  const ids = new Set(injected.map((i) => i.extras.id));
  return { injected, sent, seen: model.seen.filter((s) => ids.has(s[1])), clashed: model.clashed };
}

const isLast = (hook: string): boolean => hook === 'postrouting' || hook === 'input';
const unique = (seen: readonly Seen[]): string[] => [...new Set(seen.map((s) => JSON.stringify(s)))].sort();

const told = (injected: readonly Injection[], out: readonly (readonly string[])[]): string =>
  injected.map((x, i) => `${i}: t${x.device} ${show(x.packet)}\n   -> ${(out[i] ?? []).join(' | ')}`).join('\n');

const modelTells = (story: ModelStory): string =>
  told(
    story.injected,
    story.sent.map((s) => s.map((x) => `${x.device} ${show(x.packet)}`)),
  );

const kernelTells = (story: ModelStory, answer: Answer): string =>
  told(
    story.injected,
    answer.out.map((o) =>
      o
        .map(([d, hex]) => [d, readPacket(Buffer.from(hex, 'hex'))] as const)
        // the kernel reports its own multicast groups now and then
        .filter(([, packet]) => !isMulticast(packet.destination))
        .map(([d, packet]) => `t${d} ${show(packet)}`),
    ),
  );

/** Where the kernel tells another story than the model, the test fails with the ruleset as its hint. */
function compare(story: ModelStory, answer: Answer, hint: string): void {
  expect(answer.refused, hint).toBeNull();
  const kernel = kernelTells(story, answer);
  expect(modelTells(story), hint).toBe(kernel);
  const seen = kernelSeen(answer).filter(([hook, id]) => !isLast(hook) || !story.clashed.has(id));
  expect(unique(story.seen), `${hint}\n${kernel}`).toEqual(unique(seen));
}

const questionOf = (family: 4 | 6, story: ModelStory): Pick<Question, 'packets' | 'sets'> => ({
  packets: story.injected.map((i) => [i.device, packetBytes(i.packet, i.extras).toString('hex')]),
  sets: HOOKS.flatMap((h) => ['a', 'b', ...STATUS].map((n) => [observerName(family), `${n}_${h}`] as const)),
});

/** How many random rulesets each test tries, and with which it begins. */
const worlds = Number(process.env.WAYMARK_WORLDS ?? 60);
const first = Number(process.env.WAYMARK_SEED ?? 1);
const seeds = Array.from({ length: worlds }, (_, i) => first + i);

describe.skipIf(!isRoot)('hooks, against the kernel', () => {
  let kernel: KernelRouter;
  beforeAll(async () => {
    kernel = new KernelRouter();
    await kernel.ready();
  });
  afterAll(() => kernel.close());

  it.each([4, 6] as const)(
    'makes of random packets in random IPv%d rulesets what the kernel makes',
    async (family) => {
      for (const seed of seeds) {
        const r = new RandomSource(seed * 2 + (family === 6 ? 1 : 0));
        const { text, model } = randomRuleset(r, family);
        const story = drawStory(r, family, model);
        const dump = seed % 4 === 0;
        const answer = await kernel.ask({ ...questionOf(family, story), ruleset: text + observer(family), dump });
        compare(story, answer, `seed ${seed}\n${text}`);
        if (!dump) continue;
        // The same from what nft lists
        const tables = parseNftJson(answer.dump ?? '', 'nft -j list ruleset').value;
        const again = new ModelRouter(router({ tables, ipsets: new Map(), known: true }));
        const sent = story.injected.map((x) => again.put(x));
        expect(again.choices.met, `seed ${seed}\n${text}`).toEqual([]);
        expect(modelTells({ ...story, sent }), `listed, seed ${seed}\n${text}`).toBe(kernelTells(story, answer));
      }
    },
    300_000,
  );

  it.each([4, 6] as const)(
    'makes of random packets in random iptables rules for IPv%d what the kernel makes',
    async (family) => {
      for (const seed of seeds) {
        const r = new RandomSource(seed * 2 + (family === 6 ? 1 : 0));
        const text = randomIptables(r, family);
        const { value: tables, diagnostics } = parseIptablesSave(text, 'iptables-save', family);
        const story = drawStory(r, family, { tables, ipsets: new Map(), known: true });
        const asked = { ...questionOf(family, story), ruleset: observer(family), iptables: { [family]: text } };
        const hint = `seed ${seed}\n${text}`;
        expect(diagnostics, hint).toEqual([]);
        compare(story, await kernel.ask(asked), hint);
      }
    },
    300_000,
  );
});
