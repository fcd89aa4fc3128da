import { strict as assert } from 'node:assert';
import { until, type Check } from './check.ts';
import { AT, type Balancer } from './balancer.ts';
import { startGuard, type RunningGuard } from './guard-of.ts';

/** A way to the page: what has to be there before, and its settings below `delivery`, with more of them. */
export interface GuardedWay {
  readonly name: string;
  readonly engine: 'nft' | 'iptables';
  readonly delivery: (more: string) => string;
  /** Brings the site up as it is without a guard; nothing when it is up. */
  readonly begin: (balancer: Balancer) => Promise<void>;
  /** What more has to hold when a guard is gone. */
  readonly left: (balancer: Balancer) => Promise<void>;
}

export const FAMILIES = [4, 6] as const;
const PORTS = [80, 443];
const { blocked, ordinary } = AT;

const listed = (...hosts: readonly (typeof AT.page1 | typeof AT.page2)[]): string =>
  hosts.flatMap((a) => [`{ address: "${a[4]}" }`, `{ address: "${a[6]}" }`]).join(', ');

/** All page servers of the network, as settings. */
export const BOTH = `servers: [${listed(AT.page1, AT.page2)}]`;
/** Only the first of them. */
export const ONE_SERVER = `servers: [${listed(AT.page1)}]`;
/** One of them, and the other as the sorry server. */
const ONE = `servers: [${listed(AT.page1)}], sorry: ["${AT.page2[4]}", "${AT.page2[6]}"]`;

/** What that visitor sees, on IPv4 and IPv6, 80 and 443. */
export async function seen(balancer: Balancer, who: typeof blocked | typeof ordinary): Promise<readonly string[]> {
  const words: string[] = [];
  for (const family of FAMILIES)
    for (const port of PORTS) words.push((await balancer.visit(who[family], port)).replace(/^page\d$/, 'page'));
  return words;
}
export const all = (word: string): readonly string[] => Array<string>(4).fill(word);
export const isAll = (word: string) => (words: readonly string[]) => words.every((w) => w === word);

/** The checks that differ by the engine. */
export const engineChecks = (way: GuardedWay): readonly Check[] => guardedChecks(way).slice(0, 4);

/** What a guard must do, by whatever way; each check goes on where the one before ended. */
export function guardedChecks(way: GuardedWay): readonly Check[] {
  let guard: RunningGuard;
  const block = async (): Promise<void> => {
    for (const family of FAMILIES) await guard.block(blocked[family]);
  };
  const unblock = async (): Promise<void> => {
    for (const family of FAMILIES) await guard.unblock(`${blocked[family]}/${family === 4 ? 32 : 128}`);
  };
  const checks: readonly Check[] = [
    {
      name: 'a blocked visitor sees the page, everybody else the site',
      run: async (balancer) => {
        await way.begin(balancer);
        assert.deepEqual(await seen(balancer, blocked), all('welcome'));
        guard = await startGuard(balancer, way.engine, way.delivery(`gone: open, ${BOTH}`));
        await until(
          (said) => said.includes('are led to'),
          () => Promise.resolve(guard.said()),
        );
        assert.deepEqual(await seen(balancer, blocked), all('welcome'));
        await block();
        assert.deepEqual(await seen(balancer, blocked), all('page'));
        assert.deepEqual(await seen(balancer, ordinary), all('welcome'));
      },
    },
    {
      name: 'an unblock gives the site back at the next connection',
      run: async (balancer) => {
        await unblock();
        assert.deepEqual(await seen(balancer, blocked), all('welcome'));
      },
    },
    {
      name: 'open connections of a blocked visitor end, and nobody else’s',
      run: async (balancer) => {
        const open = await Promise.all(FAMILIES.map((family) => balancer.open(blocked[family], 80)));
        const others = await Promise.all(FAMILIES.map((family) => balancer.open(ordinary[family], 80)));
        await block();
        for (const again of open) assert.match(await again(), /^(ECONNRESET|closed)$/);
        for (const again of others) assert.equal(await again(), 'welcome');
        assert.deepEqual(await seen(balancer, blocked), all('page'));
      },
    },
    {
      name: 'a guard that stops gives the site back, and leaves nothing',
      run: async (balancer) => {
        await guard.stop();
        assert.deepEqual(await seen(balancer, blocked), all('welcome'));
        await way.left(balancer);
        assert.doesNotMatch((await balancer.director.run(['nft', 'list', 'ruleset'])).stdout, /waymark/i);
        assert.doesNotMatch((await balancer.director.run(['ipset', 'list', '-n'])).stdout, /waymark/);
      },
    },
    {
      name: 'one page server dies, and the other takes over',
      run: async (balancer) => {
        const asked = async (): Promise<readonly string[]> => {
          const words: string[] = [];
          for (const family of FAMILIES)
            for (let i = 0; i < 4; i++) words.push(await balancer.visit(blocked[family], 80));
          return words;
        };
        guard = await startGuard(balancer, way.engine, way.delivery(`gone: open, ${BOTH}`));
        await block();
        await until(isAll('page'), () => seen(balancer, blocked));
        await balancer.stop('page1');
        await until(isAll('page2'), asked);
        await balancer.start('page1');
        await until((words) => words.includes('page1') && words.includes('page2'), asked);
      },
    },
    {
      name: 'no page server is left: the site is shown, until one is back',
      run: async (balancer) => {
        for (const page of ['page1', 'page2'] as const) await balancer.stop(page);
        await until(isAll('welcome'), () => seen(balancer, blocked));
        const said = 'no page server answers: blocked visitors see the site';
        await until(
          (text) => text.includes(said),
          () => Promise.resolve(guard.said()),
        );
        await balancer.start('page2');
        await until(isAll('page'), () => seen(balancer, blocked));
        await guard.stop();
      },
    },
    {
      name: 'no page server is left, politely: the visitor is refused at once, and others see the site',
      run: async (balancer) => {
        guard = await startGuard(balancer, way.engine, way.delivery(`gone: polite, ${BOTH}`));
        await block();
        await until(isAll('page'), () => seen(balancer, blocked));
        await balancer.stop('page2');
        await until(isAll('ECONNREFUSED'), () => seen(balancer, blocked));
        assert.deepEqual(await seen(balancer, ordinary), all('welcome'));
        for (const page of ['page1', 'page2'] as const) await balancer.start(page);
        await until(isAll('page'), () => seen(balancer, blocked));
        await guard.stop();
      },
    },
    {
      name: 'the sorry server stands in as long as no other answers',
      run: async (balancer) => {
        guard = await startGuard(balancer, way.engine, way.delivery(`gone: polite, ${ONE}`));
        await block();
        const asked = () => Promise.all(FAMILIES.map((family) => balancer.visit(blocked[family], 80)));
        await until(isAll('page1'), asked);
        await balancer.stop('page1');
        await until(isAll('page2'), asked);
        await balancer.start('page1');
        await until(isAll('page1'), asked);
        await guard.stop();
      },
    },
  ];
  return checks.map(({ name, run }) => ({ name: `${way.name}: ${name}`, run }));
}
