import { strict as assert } from 'node:assert';
import { AT } from './balancer.ts';
import { until, type Check } from './check.ts';
import { startGuard, type RunningGuard } from './guard-of.ts';
import { all, BOTH, FAMILIES, isAll, seen } from './guarded-checks.ts';
import { startKeepalived, type Keepalived } from './keepalived-of.ts';
import { endKeepalived, INCLUDING, keepalivedWay } from './ways.ts';

const { blocked, ordinary } = AT;
/** What IPVS has with both page servers, in both families. */
const LINES = 6;

let keepalived: Keepalived;
let guard: RunningGuard;

const toSay = (what: string) =>
  until(
    (text) => text.includes(what),
    () => Promise.resolve(guard.said()),
  );

/** What becomes of blocked visitors when a Keepalived that had only the guard's file ends; the site is the director's own. */
export const STOPPED_CHECKS: readonly Check[] = [
  ...(['open', 'polite'] as const).map((gone): Check => ({
    name: `keepalived, ${gone}: it stops, and runs again`,
    run: async (balancer) => {
      if (gone === 'open') {
        await endKeepalived();
        await balancer.start('director');
        keepalived = await startKeepalived(balancer, INCLUDING, 1);
      }
      guard = await startGuard(balancer, 'nft', keepalivedWay('nft').delivery(`gone: ${gone}, ${BOTH}`));
      for (const family of FAMILIES) await guard.block(blocked[family]);
      await until(isAll('page'), () => seen(balancer, blocked));
      assert.deepEqual(await guard.status(), []);
      await keepalived.stop();
      await until(isAll(gone === 'open' ? 'welcome' : 'ECONNREFUSED'), () => seen(balancer, blocked));
      assert.deepEqual(await seen(balancer, ordinary), all('welcome'));
      await toSay(`no page server answers: blocked visitors ${gone === 'open' ? 'see the site' : 'are refused'}`);
      await toSay('Keepalived does not run (/run/keepalived.pid): start it');
      assert.deepEqual(await guard.status(), ['page-gone']);
      keepalived = await startKeepalived(balancer, INCLUDING, LINES);
      await until(isAll('page'), () => seen(balancer, blocked));
      if (gone === 'open') await guard.stop();
    },
  })),
  {
    name: 'keepalived: its first process dies, and takes the virtual servers with it',
    run: async (balancer) => {
      await keepalived.kill('first');
      await until(isAll('ECONNREFUSED'), () => seen(balancer, blocked));
      keepalived = await startKeepalived(balancer, INCLUDING, LINES);
      await until(isAll('page'), () => seen(balancer, blocked));
    },
  },
  ...(['polite', 'open'] as const).map((gone): Check => ({
    name: `keepalived, ${gone}: all of it dies: the kernel leads on, the guard itself looks whether a page answers, and the next one takes over`,
    run: async (balancer) => {
      if (gone === 'open') {
        guard = await startGuard(balancer, 'nft', keepalivedWay('nft').delivery(`gone: open, ${BOTH}`));
        for (const family of FAMILIES) await guard.block(blocked[family]);
        await until(isAll('page'), () => seen(balancer, blocked));
      }
      await keepalived.kill('all');
      await toSay('Keepalived does not run (/run/keepalived.pid): blocked visitors are led to');
      assert.deepEqual(await seen(balancer, blocked), all('page'));
      assert.deepEqual(await seen(balancer, ordinary), all('welcome'));
      assert.deepEqual(await guard.status(), ['keepalived-not-running']);
      await balancer.stop('page1');
      await toSay('some of them to fd00:10::1, 10.10.10.1, and nobody there answers');
      await balancer.stop('page2');
      await until(isAll(gone === 'open' ? 'welcome' : 'ECONNREFUSED'), () => seen(balancer, blocked));
      // a page server that is gone refuses too, before the guard has looked
      await until(
        (codes) => codes.join() === 'page-gone',
        () => guard.status(),
      );
      await balancer.start('page2');
      await balancer.start('page1');
      await until(isAll('page'), () => seen(balancer, blocked));
      keepalived = await startKeepalived(balancer, INCLUDING, LINES);
      await balancer.stop('page1');
      await until(
        (text) => !text.includes('10.10.10.1:') && !text.includes('fd00:10::1]'),
        () => keepalived.ipvs(),
      );
      assert.deepEqual(await seen(balancer, blocked), all('page'));
      assert.deepEqual(await guard.status(), []);
      await balancer.start('page1');
      await guard.stop();
      if (gone === 'open') await balancer.stop('director');
    },
  })),
];
