import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Diagnostic, Parsed } from '../../ip/index.ts';
import type { Machine } from '../../host/index.ts';
import { buildLab, findLab, fingerprintOf, missingFor, planLab, type Lab, type LabPlan } from '../../lab/index.ts';
import type { Network } from '../../model/index.ts';
import { worldOf } from '../../reach/index.ts';
import { networkOf } from './load.ts';
import { usageFault } from './report.ts';

/** A network, with strangers where its expectations start on the internet, and the plan of its lab. */
export interface PlannedLab {
  readonly network: Network;
  readonly plan: LabPlan;
}

/** The name of a network's lab: from the path that `-n` names, so that later commands find it. */
export function labName(network: string | undefined): string {
  const path = network === undefined ? 'this machine' : network === '-' ? '-' : resolve(network);
  return createHash('sha256').update(path).digest('hex').slice(0, 8);
}

/** Loads the network and plans its lab. Codes: those of loading, `privilege-missing`, `component-missing`, `lab-limit`. */
export async function plannedLab(machine: Machine, name: string | undefined): Promise<Parsed<PlannedLab | null>> {
  const loaded = await networkOf(machine, name);
  if (!loaded.value || loaded.diagnostics.some((d) => d.severity === 'error')) {
    return { value: null, diagnostics: loaded.diagnostics };
  }
  const plan = planLab(withStrangers(loaded.value), labName(name));
  const missing = await missingFor(machine, plan);
  return {
    value: { network: loaded.value, plan },
    diagnostics: [...loaded.diagnostics, ...plan.diagnostics, ...missing],
  };
}

/** The network with somebody on each internet link where an expectation starts or ends. */
const withStrangers = (network: Network): Network => network.expectations.reduce(worldOf, network);

/** Builds the lab; an interrupt stops it, and what was made is removed. */
export async function buildUnlessInterrupted(machine: Machine, plan: LabPlan): Promise<Parsed<Lab | null>> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const s of signals) process.on(s, onSignal);
  try {
    return await buildLab(machine, plan, stop.signal);
  } finally {
    for (const s of signals) process.off(s, onSignal);
  }
}

/** The lab that is up, if it is the one that this plan makes. Codes: `lab-missing`, `lab-exists` for another one. */
export async function labThatIsUp(
  machine: Machine,
  plan: LabPlan,
): Promise<{ lab: Lab | null; fault: Diagnostic | null }> {
  const lab = await findLab(machine, plan.run);
  if (!lab) return { lab: null, fault: null };
  if (lab.complete && lab.fingerprint === fingerprintOf(plan)) return { lab, fault: null };
  const why = lab.complete ? 'of an earlier version of this network' : 'that was never completed';
  return {
    lab: null,
    fault: usageFault('lab-exists', `there is a lab ${why}`, 'remove it first: waymark lab down'),
  };
}
