import { createHash } from 'node:crypto';
import type { Machine } from '../host/index.ts';
import { NAMESPACE_START } from './namespace-names.ts';
import type { LabPlan } from './lab-plan.ts';

const FOLDER = '/run/waymark';

/** A lab that was begun. */
export interface Lab {
  /** Name of the run. */
  readonly name: string;
  /** Namespace of each host. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Everything that was made: what `removeLab` takes away. */
  readonly namespaces: readonly string[];
  /** Keys, configurations and logs of OpenVPN. */
  readonly folder: string;
  /** Of the plan it was made by: another plan has another one. */
  readonly fingerprint: string;
  /** False while it is being built, and when that was cut short. */
  readonly complete: boolean;
}

/** The lab that a plan will make. */
export const labOf = (plan: LabPlan): Lab => ({
  name: plan.run,
  hosts: plan.hosts,
  namespaces: plan.namespaces,
  folder: `${FOLDER}/lab-${plan.run}`,
  fingerprint: fingerprintOf(plan),
  complete: false,
});

/** A name for what a plan does: the same for the same lines. */
export function fingerprintOf({ hosts, wiring, boxes, tunnels }: LabPlan): string {
  const ends = tunnels
    .flatMap((t) => [t.server, ...t.clients])
    .map((e) => [e.commonName, e.namespace, e.interface, e.ccd]);
  return createHash('sha256')
    .update(JSON.stringify([[...hosts], wiring, boxes, ends]))
    .digest('hex');
}

const fileOf = (name: string): string => `${FOLDER}/lab-${name}.json`;

/** Writes down what is about to be made, before it is made. Whether that worked. */
export async function writeState(machine: Machine, lab: Lab): Promise<boolean> {
  await machine.mkdir(FOLDER);
  const text = JSON.stringify({ ...lab, hosts: Object.fromEntries(lab.hosts) });
  return (await machine.writeFile(fileOf(lab.name), `${text}\n`, 0o600)).ok;
}

/** Forgets a lab. */
export async function removeState(machine: Machine, name: string): Promise<void> {
  await machine.remove(fileOf(name));
}

/** The lab of that name, or null when there is none. */
export async function findLab(machine: Machine, name: string): Promise<Lab | null> {
  if (!/^[\w-]+$/.test(name)) return null;
  const text = await machine.readFile(fileOf(name));
  return text.ok ? readState(name, text.value) : null;
}

/** Only what a lab may have made: namespaces with its own name, its own folder. */
function readState(name: string, text: string): Lab | null {
  try {
    const state = JSON.parse(text) as {
      hosts: Record<string, string>;
      namespaces: string[];
      fingerprint: string;
      complete: boolean;
    };
    const isOwn = (namespace: unknown): boolean =>
      typeof namespace === 'string' &&
      namespace.startsWith(`${NAMESPACE_START}${name}-`) &&
      /^[\p{L}\p{N}._-]+$/u.test(namespace);
    if (!state.namespaces.every(isOwn)) return null;
    const hosts = new Map(Object.entries(state.hosts));
    return { ...state, name, hosts, folder: `${FOLDER}/lab-${name}` };
  } catch {
    return null;
  }
}
