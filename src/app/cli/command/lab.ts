import {
  commandIn,
  findLab,
  forgetRedirects,
  listenerFor,
  predictedProbe,
  probe,
  removeLab,
  sameProbed,
} from '../../../lab/index.ts';
import type { Lab } from '../../../lab/index.ts';
import { checkExpectation } from '../../../reach/index.ts';
import { labTestJson, labTestText, labUpText, type LabAsked, type LabLine } from '../../../render/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { buildUnlessInterrupted, labName, labThatIsUp, plannedLab, type PlannedLab } from '../lab-of-network.ts';
import { needsRoot } from '../needs-root.ts';
import { stopsAt, usageFault } from '../report.ts';

interface Flags {
  readonly network?: string;
}

/** `waymark lab up`: builds the network of real namespaces, and says how to enter them. */
export async function labUp(this: Cli, flags: Flags): Promise<void> {
  const planned = await plannedLab(this.machine, flags.network);
  if (stopsAt(this, planned.diagnostics) || !planned.value) return;
  const built = await buildUnlessInterrupted(this.machine, planned.value.plan);
  if (stopsAt(this, built.diagnostics) || !built.value) return;
  say(this, labUpText(built.value.name, built.value.hosts, flags.network));
}

/** `waymark lab exec HOST COMMAND…`, on this terminal: exit 0 when the command ends well, 1 when not, 3 when there is no such command. */
export async function labExec(this: Cli, flags: Flags, host?: string, ...command: string[]): Promise<void> {
  if (host === undefined || command.length === 0) {
    stopsAt(this, [usageFault('usage', 'name a host and a command', 'such as: waymark lab exec router ip route')]);
    return;
  }
  const lab = await openLab(this, flags);
  if (!lab) return;
  if (!lab.hosts.has(host)) {
    const hosts = [...lab.hosts.keys()].join(', ');
    stopsAt(this, [usageFault('host-unknown', `the lab has no host '${host}'`, `its hosts are ${hosts}`)]);
    return;
  }
  if (!(await this.machine.hasProgram(command[0]!))) {
    stopsAt(this, [usageFault('component-missing', `there is no ${command[0]!} on this machine`)]);
    return;
  }
  const code = await this.machine.attach(commandIn(lab, host, command)!);
  leave(this, code === 0 ? EXIT.ok : EXIT.no);
}

/** `waymark lab test`: tries every expectation for real. Exit 1 when the kernel does otherwise than the trace says. */
export async function labTest(this: Cli, flags: Flags & { json?: boolean }): Promise<void> {
  const planned = await plannedLab(this.machine, flags.network);
  if (stopsAt(this, planned.diagnostics) || !planned.value) return;
  const { network, plan } = planned.value;
  if (network.expectations.length === 0) {
    const hint = 'add a list `expect:` to the network file: docs/network-file.md';
    stopsAt(this, [usageFault('usage', 'this network expects nothing', hint)]);
    return;
  }
  const up = await labThatIsUp(this.machine, plan);
  if (up.fault) {
    stopsAt(this, [up.fault]);
    return;
  }
  const built = up.lab ? null : await buildUnlessInterrupted(this.machine, plan);
  if (built && (stopsAt(this, built.diagnostics) || !built.value)) return;
  try {
    const lines = await tryAll(this, planned.value, (up.lab ?? built?.value)!);
    const options = { verbose: false, colour: this.colour, width: this.width };
    say(this, flags.json ? JSON.stringify(labTestJson(lines), null, 2) : labTestText(lines, options));
    leave(this, lines.every((l) => l.asked.every((a) => a.same !== false)) ? EXIT.ok : EXIT.no);
  } finally {
    if (built) stopsAt(this, await removeLab(this.machine, plan.run));
  }
}

async function tryAll(cli: Cli, { network }: PlannedLab, lab: Lab): Promise<readonly LabLine[]> {
  const lines: LabLine[] = [];
  for (const expectation of network.expectations) {
    const checked = checkExpectation(network, expectation);
    const asked: LabAsked[] = [];
    for (const { question, trip } of checked.asked) {
      await forgetRedirects(cli.machine, lab);
      const seen = await probe(cli.machine, lab, question, listenerFor(trip));
      const predicted = predictedProbe(trip);
      asked.push({ trip, ...seen, same: predicted ? sameProbed(predicted, seen) : null });
    }
    lines.push({ checked, asked });
  }
  return lines;
}

/** `waymark lab down`: removes the lab, also one that was only begun. */
export async function labDown(this: Cli, flags: Flags): Promise<void> {
  if (needsRoot(this, 'a lab of network namespaces')) return;
  const name = labName(flags.network);
  const lab = await findLab(this.machine, name);
  if (!lab) {
    note(this, 'there is no lab of this network');
    return;
  }
  if (stopsAt(this, await removeLab(this.machine, name))) return;
  note(this, `removed the lab wm-${name}`);
}

async function openLab(cli: Cli, flags: Flags): Promise<Lab | null> {
  if (needsRoot(cli, 'a lab of network namespaces')) return null;
  const lab = await findLab(cli.machine, labName(flags.network));
  if (lab?.complete) return lab;
  stopsAt(cli, [usageFault('lab-missing', 'there is no lab of this network', 'make one: waymark lab up')]);
  return null;
}
