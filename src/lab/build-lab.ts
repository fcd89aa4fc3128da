import type { Diagnostic, Parsed } from '../ip/index.ts';
import type { Machine } from '../host/index.ts';
import { buildTunnel } from './build-tunnel.ts';
import { batchText, ipLine } from './ip-line.ts';
import type { BoxPlan, LabPlan } from './lab-plan.ts';
import { findLab, labOf, writeState, type Lab } from './lab-state.ts';
import { removeLab } from './remove-lab.ts';
import { missingFor } from './requirements.ts';
import { fail, step, StepFailed } from './run-step.ts';
import { writeSettings } from './write-settings.ts';

/**
 * Builds the lab. When a step fails, or `signal` says to stop, everything is removed again and the value is null. What
 * will be made is written down before it is made, so that `removeLab` finds it whatever happens. Codes: `lab-failed`,
 * `lab-exists`, `privilege-missing`, `component-missing`.
 */
export async function buildLab(machine: Machine, plan: LabPlan, signal?: AbortSignal): Promise<Parsed<Lab | null>> {
  const missing = await missingFor(machine, plan);
  if (missing.length > 0) return { value: null, diagnostics: missing };
  if (await findLab(machine, plan.run)) return { value: null, diagnostics: [exists(plan)] };
  const lab = labOf(plan);
  try {
    if (!(await writeState(machine, lab))) fail('the state of the lab can not be written below /run/waymark');
    for (const work of stepsOf(machine, plan, lab)) {
      if (signal?.aborted) fail('stopped before it was complete');
      await work();
    }
    await writeState(machine, { ...lab, complete: true });
    return { value: { ...lab, complete: true }, diagnostics: [] };
  } catch (error) {
    const left = await removeLab(machine, plan.run);
    if (!(error instanceof StepFailed)) throw error;
    return { value: null, diagnostics: [error.diagnostic, ...left] };
  }
}

const exists = (plan: LabPlan): Diagnostic => ({
  code: 'lab-exists',
  severity: 'error',
  message: `the lab wm-${plan.run} is there already`,
  hint: 'remove it first: waymark lab down',
});

function stepsOf(machine: Machine, plan: LabPlan, lab: Lab): readonly (() => Promise<unknown>)[] {
  const each = (work: (box: BoxPlan) => Promise<unknown>) => (): Promise<unknown> => settled(plan.boxes.map(work));
  return [
    () => step(machine, ['ip', '-batch', '-'], batchText(plan.namespaces.map((n) => ipLine`netns add ${n}`))),
    each((box) => writeSettings(machine, box.namespace, box.first, new Set())),
    () => (plan.wiring.length > 0 ? step(machine, ['ip', '-batch', '-'], batchText(plan.wiring)) : Promise.resolve()),
    // OpenVPN needs its namespace's `lo`
    each((box) => step(machine, ['ip', '-n', box.namespace, 'link', 'set', 'lo', 'up'])),
    () => makeFolder(machine, plan, lab),
    () => settled(plan.tunnels.map((tunnel) => buildTunnel(machine, plan, lab, tunnel))),
    each((box) => fill(machine, box)),
    each((box) => writeSettings(machine, box.namespace, box.settings, box.mustHold)),
    each((box) =>
      box.ruleset === ''
        ? Promise.resolve()
        : step(machine, ['ip', 'netns', 'exec', box.namespace, 'nft', '-f', '-'], box.ruleset),
    ),
    each((box) => settle(machine, box)),
  ];
}

/** Waits for all before the first failure counts: nothing may still be made while everything is removed. */
async function settled(works: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  for (const r of results) if (r.status === 'rejected') throw r.reason;
}

async function makeFolder(machine: Machine, plan: LabPlan, lab: Lab): Promise<void> {
  if (plan.tunnels.length === 0) return;
  const made = await machine.mkdir(lab.folder);
  if (!made.ok) fail(made.message);
}

async function fill(machine: Machine, box: BoxPlan): Promise<void> {
  await step(machine, ['ip', '-n', box.namespace, '-batch', '-'], batchText(box.ip));
  if (box.ip6.length > 0) await step(machine, ['ip', '-6', '-n', box.namespace, '-batch', '-'], batchText(box.ip6));
}

const SETTLE_MS = 3000;

/**
 * Waits until the cables carry packets: an end that came up first drops what it is given until the kernel's link watch
 * has run (net/core/link_watch.c). Asking for one interface makes it run on newer kernels.
 */
async function settle(machine: Machine, box: BoxPlan): Promise<void> {
  if (box.carriers.length === 0) return;
  const ask = batchText(box.carriers.map((dev) => ipLine`link show dev ${dev}`));
  const deadline = machine.elapsedMs() + SETTLE_MS;
  for (;;) {
    const said = await step(machine, ['ip', '-n', box.namespace, '-batch', '-'], ask);
    const ready = said.split('\n').filter((l) => l.includes(' state UP ')).length;
    if (ready >= box.carriers.length || machine.elapsedMs() > deadline) return;
    await machine.sleep(20);
  }
}
