import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inVm, runInVm, whyNoVm } from '../support/vm/run-in-vm.ts';
import type { Checked } from './balancer/check.ts';
import { makeStage } from './balancer/make-stage.ts';
import { VM_CHECKS } from './balancer/vm-checks.ts';

const reason = whyNoVm(['keepalived', 'ipvsadm', 'iptables', 'ipset', 'nft', 'openssl', 'systemctl']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-balancer-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(reason !== null)('with the real Keepalived and IPVS,', () => {
  const checked = new Map<string, Checked>();
  let output = '';
  beforeAll(async () => {
    await makeStage(folder, ['vm-program']);
    const ran = await runInVm(`exec ${inVm(process.execPath)} ${inVm(folder)}/vm-program.mjs`, 900_000);
    output = ran.output;
    for (const line of output.split('\n').filter((l) => l.startsWith('{"name"'))) {
      const one = JSON.parse(line) as Checked;
      checked.set(one.name, one);
    }
  }, 930_000);
  it.each(VM_CHECKS.map((c) => c.name))('%s', (name) => {
    expect(checked.get(name)?.fault ?? (checked.has(name) ? null : `was not run: ${output}`)).toBe(null);
  });
});
