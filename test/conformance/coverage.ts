import type { Comparison } from './compare.ts';
import { interferenceOf } from './interference.ts';
import { printProbe } from './print.ts';
import type { Judged } from './shrink.ts';
import type { NetworkSpec } from './spec.ts';

/** Counts what was met, so that "no difference" means something. */
export class Coverage {
  networks = 0;
  probes = 0;
  different = 0;
  /** Differences that were gone when asked again, alone and with patience, and for which nothing is known that explains it. */
  readonly unexplained: string[] = [];
  readonly #counts = new Map<string, number>();

  /** Counts a network and all its probes. */
  add(judged: Judged): void {
    this.networks++;
    if (judged.spec.collected) this.count('networks', 'through the collector');
    for (const r of judged.seen.refused)
      this.count(
        'refused by the kernel',
        `${r[1]}${/^(nft|iptables)/.test(r[1]) ? `: ${r[3].replaceAll('\n', ' ')}` : ''}`,
      );
    for (const p of judged.problems) this.count('not understood by a parser', p.replace(/^\w+: /, '').slice(0, 160));
    for (const host of judged.spec.hosts) {
      this.#each('hosts with', {
        rules: host.rules.length,
        nft: host.nft.length,
        [`iptables ${host.iptables?.variant ?? ''}`]: host.iptables ? 1 : 0,
      });
    }
    for (const c of judged.comparisons) this.#probe(c);
  }

  /** A difference that was gone when the probe was asked alone. */
  gone(spec: NetworkSpec, c: Comparison): void {
    const why = interferenceOf(c, spec);
    this.count('differed only beside others', why);
    if (why === 'cause unknown') this.unexplained.push(`${spec.name}: ${printProbe(c.probe)}`);
  }

  /** One more of that name in that group. */
  count(group: string, name: string, by = 1): void {
    const key = `${group}\t${name}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }

  /** How many of that name in that group. */
  of(group: string, name: string): number {
    return this.#counts.get(`${group}\t${name}`) ?? 0;
  }

  #each(group: string, names: Readonly<Record<string, number>>): void {
    for (const [name, n] of Object.entries(names)) if (n > 0) this.count(group, name);
  }

  #probe(c: Comparison): void {
    this.probes++;
    if (c.verdict === 'different') this.different++;
    this.count('compared', c.verdict);
    this.count('protocol', `${c.probe.protocol}${c.probe.destination.includes(':') ? ' IPv6' : ' IPv4'}`);
    this.count('sees', c.trip.sees.kind);
    this.count('there', c.trip.forward.outcome);
    if (c.trip.return) this.count('back', c.trip.return.outcome);
    if (c.trip.third) this.count('third packet', c.trip.third.outcome);
    if (c.trip.fourth) this.count('first data back', c.trip.fourth.outcome);
    if (c.trip.otherwise.length > 0) this.count('branches', 'probes with more than one');
    if (c.trip.forward.refusal)
      this.count(
        'refusals',
        `${c.trip.forward.refusal.kind} ${c.trip.forward.refusal.type}/${c.trip.forward.refusal.code}`,
      );
    for (const trace of [c.trip.forward, c.trip.return]) {
      for (const hop of trace?.hops ?? []) for (const s of hop.steps) this.#step(s.stage, s.action);
    }
  }

  #step(stage: string, action: { readonly kind: string } & Partial<Readonly<Record<string, unknown>>>): void {
    const detail = [
      action['verdict'],
      action['state'],
      action['what'],
      action['mode'],
      action['undone'] === true ? 'undone' : undefined,
    ];
    this.count('steps', [stage, action.kind, ...detail.filter((d) => typeof d === 'string')].join(' '));
  }

  /** The counts, a group a paragraph. */
  toString(): string {
    const groups = new Map<string, [string, number][]>();
    for (const [key, n] of this.#counts) {
      const [group, name] = key.split('\t') as [string, string];
      groups.set(group, [...(groups.get(group) ?? []), [name, n]]);
    }
    return [...groups]
      .sort()
      .map(
        ([group, names]) =>
          `${group}: ${names
            .sort((a, b) => b[1] - a[1])
            .map(([name, n]) => `${name} ${n}`)
            .join(', ')}`,
      )
      .join('\n');
  }
}
