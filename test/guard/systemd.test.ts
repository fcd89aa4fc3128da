import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { makeBalancer, type Balancer } from './balancer/balancer.ts';
import { runCheck } from './balancer/check.ts';
import { makeStage } from './balancer/make-stage.ts';
import { endSystemd, SYSTEMD_CHECKS } from './balancer/systemd-checks.ts';
import { whyNoSystemd } from './balancer/systemd-of.ts';

const reason = whyNoLab(['ip', 'nft', 'openssl', 'setpriv', 'flock']) ?? whyNoSystemd();
const folder = mkdtempSync(join(tmpdir(), 'waymark-systemd-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(reason !== null)('with a systemd of its own,', () => {
  let balancer: Balancer;
  beforeAll(async () => {
    balancer = await makeBalancer(await makeStage(folder));
  }, 60_000);
  afterAll(async () => {
    await endSystemd();
    await balancer.remove();
  });
  it.each(SYSTEMD_CHECKS)('$name', { timeout: 120_000 }, async (check) => {
    expect((await runCheck(check, balancer)).fault).toBe(null);
  });
});
