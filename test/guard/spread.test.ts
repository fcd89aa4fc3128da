import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { makeBalancer, type Balancer } from './balancer/balancer.ts';
import { runCheck } from './balancer/check.ts';
import { guardedChecks } from './balancer/guarded-checks.ts';
import { makeStage } from './balancer/make-stage.ts';
import { localWay } from './balancer/ways.ts';

const reason = whyNoLab(['ip', 'nft', 'iptables', 'ipset', 'openssl']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-balancer-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(reason !== null)('with several page servers,', () => {
  let balancer: Balancer;
  beforeAll(async () => {
    balancer = await makeBalancer(await makeStage(folder));
  });
  afterAll(() => balancer.remove());
  const checks = (['nft', 'iptables'] as const).flatMap((engine) => guardedChecks(localWay(engine)));
  it.each(checks)('$name', { timeout: 120_000 }, async (check) => {
    expect((await runCheck(check, balancer)).fault).toBe(null);
  });
});
