import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appealRequestLine, requestLine } from '../../src/guard/index.ts';
import type { Child } from '../../src/host/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { AT, makeBalancer, type Balancer, type Stage } from './balancer/balancer.ts';
import { until } from './balancer/check.ts';
import { startGuard, type RunningGuard } from './balancer/guard-of.ts';
import { ONE_SERVER } from './balancer/guarded-checks.ts';
import { makeStage } from './balancer/make-stage.ts';
import { localWay } from './balancer/ways.ts';

const reason = whyNoLab(['ip', 'nft', 'openssl', 'flock']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-elsewhere-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { blocked } = AT;
const ASK = 'ask: { address: 10.10.10.254, port: 18079 }';

/** Sends a line to the guard's port, and says what came back until it was closed, or until the first line. */
const SAY = `
let text = '';
const s = require('node:net').connect({ host: '10.10.10.254', port: 18079 }, () => s.write(process.argv[1] + '\\n'));
s.on('data', (d) => { text += d; if (text.includes('\\n')) s.destroy(); });
s.on('error', () => undefined).on('close', () => console.log(text.trim() || 'closed'));
`;

describe.skipIf(reason !== null)('a page server on another machine', () => {
  let stage: Stage;
  let balancer: Balancer;
  let guard: RunningGuard;
  let page: Child;
  beforeAll(async () => {
    stage = await makeStage(folder);
    balancer = await makeBalancer(stage);
    const way = localWay('nft');
    await way.begin(balancer);
    guard = await startGuard(balancer, 'nft', way.delivery(`${ONE_SERVER}, ${ASK}`));
    await balancer.stop('page1');
  }, 60_000);
  afterAll(async () => {
    page.stop();
    await page.ended;
    await guard.stop();
    await balancer.remove();
  });

  /** `waymark guard page` on page1, where the guard's own socket is not; with these settings below `delivery`. */
  async function startPage(more: string): Promise<void> {
    const settings = `ports: [{ site: 80, page: 80 }, { site: 443, page: 443 }]
certificates: [{ certificate: ${stage.certificate}, key: ${stage.key} }]
socket: ${folder}/none.sock
delivery: { ${ONE_SERVER}${more} }
`;
    writeFileSync(join(folder, 'page.yaml'), settings);
    const words = ['guard', 'page', '--settings', join(folder, 'page.yaml')];
    page = balancer.on('page1').spawn([process.execPath, stage.waymark, ...words]);
    await until(
      (said) => said.includes('ready'),
      () => Promise.resolve(page.output()),
    );
  }
  const say = async (server: 'page1' | 'web', line: string): Promise<string> =>
    (await balancer.on(server).run([process.execPath, '-e', SAY, line])).stdout.trim();
  const ask = requestLine({ do: 'at', address: blocked[4] });

  it('gives no reason when it cannot ask', { timeout: 60_000 }, async () => {
    await startPage('');
    // a word that only the reason has
    for (const family of [4, 6] as const) await guard.block(blocked[family], 'page9');
    await until(
      (said) => said !== 'welcome',
      () => balancer.visit(blocked[4], 80),
    );
    expect(await balancer.visit(blocked[4], 80)).toBe('closed');
    page.stop();
    await page.ended;
  });
  it('gives the reason that the guard has, which it asks over the network', { timeout: 60_000 }, async () => {
    await startPage(`, ${ASK}`);
    await until(
      (said) => said === 'page9',
      () => balancer.visit(blocked[4], 80),
    );
    await until(
      (said) => said === 'page9',
      () => balancer.visit(blocked[6], 443),
    );
  });
  it('may ask about visitors and hand over what they write, and nothing else', async () => {
    expect(await say('page1', ask)).toContain('"reason":"page9"');
    const form = { message: 'let me in', contact: '' };
    expect(await say('page1', appealRequestLine({ do: 'appeal', address: blocked[4], form }))).toBe(
      '{"outcome":"sent"}',
    );
    for (const line of [
      requestLine({ do: 'list' }),
      requestLine({ do: 'status' }),
      requestLine({ do: 'lift', prefix: `${blocked[4]}/32`, by: 'me' }),
      '{"do":"appeals"}',
    ])
      expect(await say('page1', line)).toContain('does not understand');
    expect(await say('page1', 'x'.repeat(100_000))).toBe('closed');
  });
  it('is the only one whom the guard answers', async () => {
    expect(await say('web', ask)).toBe('closed');
  });
});
