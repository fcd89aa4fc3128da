import type { DecisionCounts } from '../decide/decision-book.ts';
import { ORIGINS } from '../decide/decision.ts';
import type { GuardEvent } from './guard-event.ts';
import { metric, type Sample } from './metric-text.ts';

/** Upper ends of the buckets, in seconds. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

interface Latency {
  readonly counts: number[];
  sum: number;
  count: number;
  faults: number;
}

/** How a guard is at the moment it is asked. */
export interface Gauges {
  readonly decisions: DecisionCounts;
  readonly journalLines: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Counts what happens in a guard, for Prometheus. There are only so many series, whoever is blocked. */
export class Counters {
  readonly #blocks = { hand: 0, list: 0 };
  #unblocks = 0;
  #ended = 0;
  #repairs = 0;
  readonly #verbs = new Map<string, Latency>();

  /** Counts an event. */
  count(event: GuardEvent): void {
    switch (event.kind) {
      case 'blocked':
        this.#blocks[event.origin] += event.decisions.length;
        break;
      case 'lifted':
        this.#unblocks++;
        break;
      case 'ended':
        this.#ended += event.decisions.length;
        break;
      case 'repaired':
        this.#repairs++;
        break;
      case 'enforced':
        this.#time(event.verb, event.ms / 1000, event.faults.length);
    }
  }

  #time(verb: string, seconds: number, faults: number): void {
    const fresh = { counts: BUCKETS.map(() => 0), sum: 0, count: 0, faults: 0 };
    const latency = this.#verbs.get(verb) ?? fresh;
    this.#verbs.set(verb, latency);
    latency.sum += seconds;
    latency.count++;
    latency.faults += faults;
    for (const [i, end] of BUCKETS.entries()) if (seconds <= end) latency.counts[i]!++;
  }

  /** All of it in Prometheus' text format. */
  text({ decisions, journalLines, since }: Gauges): string {
    const families = [4, 6] as const;
    const kept = families.flatMap((family) =>
      ORIGINS.map((origin): Sample => [{ family: `ipv${family}`, origin }, decisions[family][origin]]),
    );
    const blocks = ORIGINS.map((origin): Sample => [{ origin }, this.#blocks[origin]]);
    return [
      metric('waymark_decisions', 'gauge', 'Decisions that are kept.', kept),
      metric('waymark_journal_lines', 'gauge', 'Lines of the journal of decisions.', [[{}, journalLines]]),
      metric('waymark_blocks_total', 'counter', 'Decisions that came.', blocks),
      metric('waymark_unblocks_total', 'counter', 'Decisions that were taken back.', [[{}, this.#unblocks]]),
      metric('waymark_ended_total', 'counter', 'Decisions whose time was over.', [[{}, this.#ended]]),
      metric('waymark_repairs_total', 'counter', 'Times that the rules were gone, and put back.', [
        [{}, this.#repairs],
      ]),
      metric(
        'waymark_engine_faults_total',
        'counter',
        'What the firewall refused.',
        this.#each((l) => l.faults),
      ),
      this.#histogram(),
      metric('waymark_start_time_seconds', 'gauge', 'When the guard started.', [[{}, since / 1000]]),
    ].join('');
  }

  #each(value: (latency: Latency) => number): readonly Sample[] {
    return [...this.#verbs].map(([verb, latency]) => [{ verb }, value(latency)]);
  }

  #histogram(): string {
    const name = 'waymark_engine_seconds';
    const lines = [...this.#verbs].flatMap(([verb, { counts, sum, count }]) => [
      ...BUCKETS.map((end, i) => `${name}_bucket{verb="${verb}",le="${end}"} ${counts[i]!}`),
      `${name}_bucket{verb="${verb}",le="+Inf"} ${count}`,
      `${name}_sum{verb="${verb}"} ${sum}`,
      `${name}_count{verb="${verb}"} ${count}`,
    ]);
    return `# HELP ${name} How long the firewall took.\n# TYPE ${name} histogram\n${lines.map((l) => `${l}\n`).join('')}`;
  }
}
