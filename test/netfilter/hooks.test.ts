import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/ip/index.ts';
import { base, fact, rule, table } from '../../src/trace/netfilter/testing/ruleset-builder.ts';
import { router } from '../../src/trace/netfilter/testing/hook-world.ts';
import type { Packet } from '../../src/trace/packet.ts';
import { KernelRouter, type Answer } from './kernel-router.ts';
import { ModelRouter, type Seen, type Sent } from './model-router.ts';
import { packetBytes, readPacket } from './packet-bytes.ts';
import { nextPacket, type Injection } from './random-packets.ts';
import { randomRuleset, type RandomRuleset } from './random-ruleset.ts';
import { RandomSource } from './random-source.ts';

const isRoot = process.getuid?.() === 0;
const HOOKS = ['prerouting', 'input', 'forward', 'postrouting'] as const;

/** Chains behind all others that write down what they see of each packet; `meta iif 0` are the machine's own. */
function observer(family: 4 | 6): string {
  const id = family === 4 ? 'ip id' : 'ip6 flowlabel';
  const sets = HOOKS.map(
    (h) => `set a_${h} { typeof ${id} . meta mark . ct state; flags dynamic; size 1000; }
set b_${h} { typeof ${id} . ct mark . ct status; flags dynamic; size 1000; }
chain ${h}_seen { type filter hook ${h} priority 2000;
meta iif != 0 add @a_${h} { ${id} . meta mark . ct state }
meta iif != 0 add @b_${h} { ${id} . ct mark . ct status }
}`,
  );
  return `table ${family === 4 ? 'ip' : 'ip6'} observer {\n${sets.join('\n')}\n}\n`;
}

/** That the observer asks for states switches connection tracking on, so the model has to ask too. */
const asking = rule([{ kind: 'match', left: { kind: 'ct', key: 'state' }, op: '==', right: { kind: 'text', text: 'new' } }]);
const observerModel = table([base('prerouting', 2000, [asking]), base('input', 2000, [asking])], { name: 'observer' });

const STATUS: readonly (readonly [number, string])[] = [
  [2, 'seen-reply'],
  [4, 'assured'],
  [16, 'snat'],
  [32, 'dnat'],
];

function kernelSeen(answer: Answer, family: 4 | 6): Seen[] {
  void family;
  return HOOKS.flatMap((hook) => {
    const second = new Map<number, [number, string]>();
    for (const { concat } of answer.sets[`b_${hook}`] ?? []) {
      const [id, mark, status] = concat as [number, number, unknown];
      second.set(id, [mark, statusText(status)]);
    }
    return (answer.sets[`a_${hook}`] ?? []).map(({ concat }): Seen => {
      const [id, mark, state] = concat as [number, number, string];
      const more = second.get(id);
      return [hook, id, mark, state, more?.[0] ?? null, more?.[1] ?? ''];
    });
  });
}

function statusText(status: unknown): string {
  if (typeof status === 'number') {
    return STATUS.filter(([bit]) => status & bit)
      .map(([, w]) => w)
      .sort()
      .join(',');
  }
  const words = (Array.isArray(status) ? status : [status]) as string[];
  const wanted = new Set(STATUS.map(([, w]) => w));
  return words.filter((w) => wanted.has(w)).sort().join(',');
}

function show(p: Packet): string {
  const ends = `${formatAddress(p.source)}:${p.sourcePort} > ${formatAddress(p.destination)}:${p.destinationPort}`;
  const kind = p.icmpType >= 0 ? `icmp ${p.icmpType}/${p.icmpCode}` : `proto ${p.protocol} flags ${p.tcpFlags}`;
  return p.inner ? `${ends} ${kind} [${show(p.inner)}]` : `${ends} ${kind}`;
}

/** Ports that the kernel draws at random, when the wanted one is taken. */
const ORDINARY = new Set([0, 80, 81, 443, 1000, 1001, 8080]);
const isDrawn = (s: Sent): boolean => !ORDINARY.has(s.packet.sourcePort) || (s.packet.inner ? !ORDINARY.has(s.packet.inner.sourcePort) : false);

interface World {
  readonly ruleset: RandomRuleset;
  readonly injected: Injection[];
  readonly sent: Sent[][];
  readonly seen: readonly Seen[];
}

function modelWorld(r: RandomSource, family: 4 | 6): World {
  const ruleset = randomRuleset(r, family);
  const host = router({ ...ruleset.model, tables: [...ruleset.model.tables, observerModel] });
  const model = new ModelRouter(host);
  const injected: Injection[] = [];
  const sent: Sent[][] = [];
  for (let i = 0; i < 14; i++) {
    const next = nextPacket(r, family, model.sent.map((s) => s.packet), 60_000 + i);
    const left = model.put(next);
    if (left.some(isDrawn) || model.connections.connections.some((c) => !ORDINARY.has(c.reply.destinationPort) && c.original.protocol !== 1 && c.original.protocol !== 58)) {
      break;
    }
    injected.push(next);
    sent.push(left);
  }
  const ids = new Set(injected.map((i) => i.extras.id));
  return { ruleset, injected, sent, seen: model.seen.filter((s) => ids.has(s[1])) };
}

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
        const name = `${family === 4 ? 'ip' : 'ip6'} observer`;
        const sets = HOOKS.flatMap((h) => [[name, `a_${h}`], [name, `b_${h}`]] as const);
        const answer = await kernel.ask({
          ruleset: world.ruleset.text + observer(family),
          packets: world.injected.map((i) => [i.device, packetBytes(i.packet, i.extras).toString('hex')]),
          sets,
        });
        expect(answer.refused, world.ruleset.text).toBeNull();
        const story = (out: readonly (readonly string[])[]): string =>
          world.injected.map((inj, i) => `${i}: t${inj.device} ${show(inj.packet)}\n   -> ${(out[i] ?? []).join(' | ')}`).join('\n');
        const expected = answer.out.map((o) => o.map(([d, hex]) => `t${d} ${show(readPacket(Buffer.from(hex, 'hex')))}`));
        const got = world.sent.map((s) => s.map((x) => `${x.device} ${show(x.packet)}`));
        const hint = `seed ${seed}\n${world.ruleset.text}`;
        expect(story(got), hint).toBe(story(expected));
        expect(unique(world.seen), `${hint}\n${story(expected)}`).toEqual(unique(kernelSeen(answer, family)));
      }
    }, 120_000);
  }
});
void fact;
