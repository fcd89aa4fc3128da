import { formatAddress } from '../ip/index.ts';
import type { Machine } from '../host/index.ts';
import type { Question } from '../trace/index.ts';
import { commandIn, execInLab } from './exec-in-lab.ts';
import type { Lab } from './lab-state.ts';
import type { Observation, Probed } from './observation.ts';
import { ASK_SCRIPT, ECHO_SCRIPT } from './probe-script.ts';
import { readPing } from './read-ping.ts';

/** Where an echo service listens while a TCP or UDP question is asked. */
export interface Listener {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

const TIME_LIMIT_MS = 10_000;

/**
 * Asks for real, in the words of a round trip. A ping that is not answered is sent once more, since hosts may learn from
 * the first. TCP and UDP send a few bytes to an echo service, which is started at `listener` meanwhile.
 */
export async function probe(machine: Machine, lab: Lab, question: Question, listener?: Listener): Promise<Probed> {
  const first = await probeOnce(machine, lab, question, listener);
  const isOver = question.protocol !== 'icmp' || first.kind === 'answered';
  return { first, second: isOver ? null : await ping(machine, lab, question) };
}

/** Asks once for real. */
export function probeOnce(machine: Machine, lab: Lab, question: Question, listener?: Listener): Promise<Observation> {
  return question.protocol === 'icmp' ? ping(machine, lab, question) : ask(machine, lab, question, listener);
}

async function ping(machine: Machine, lab: Lab, question: Question): Promise<Observation> {
  const { source, tos, length, destination } = question;
  const header = destination.family === 4 ? 28 : 48;
  const argv = [
    ...['ping', '-n', '-c1', '-W1'],
    ...(source ? ['-I', formatAddress(source)] : []),
    ...(tos === undefined ? [] : ['-Q', String(tos)]),
    ...(length === undefined ? [] : ['-M', 'do', '-s', String(Math.max(0, length - header))]),
    formatAddress(destination),
  ];
  const said = await execInLab(machine, lab, question.from, argv, { timeoutMs: TIME_LIMIT_MS });
  return readPing(said.stdout + said.stderr, destination.family);
}

async function ask(
  machine: Machine,
  lab: Lab,
  question: Question,
  listener: Listener | undefined,
): Promise<Observation> {
  const echo = listener ? await listen(machine, lab, question.protocol, listener) : null;
  const source = question.source ? formatAddress(question.source) : '';
  const words = [question.protocol, formatAddress(question.destination), String(question.destinationPort), source];
  const argv = [process.execPath, '-e', ASK_SCRIPT, ...words];
  const said = await execInLab(machine, lab, question.from, argv, { timeoutMs: TIME_LIMIT_MS });
  await echo?.stop();
  return (
    readAnswer(said.stdout.trim(), formatAddress(question.destination)) ?? { kind: 'other', text: said.stderr.trim() }
  );
}

function readAnswer(text: string, from: string): Observation | null {
  if (text === 'answered') return { kind: 'answered', from };
  if (text === 'timeout' || text === 'hang') return { kind: text };
  return text.startsWith('error ') ? { kind: 'error', errno: text.slice('error '.length) } : null;
}

/** Starts the echo service and waits until it listens. Where it can't, nobody listens, and the probe will show it. */
async function listen(
  machine: Machine,
  lab: Lab,
  protocol: string,
  { host, address, port }: Listener,
): Promise<{ stop: () => Promise<void> }> {
  const command = commandIn(lab, host, [process.execPath, '-e', ECHO_SCRIPT, protocol, address, String(port)]);
  if (!command) return { stop: () => Promise.resolve() };
  const child = machine.spawn(command);
  const deadline = machine.elapsedMs() + TIME_LIMIT_MS;
  while (!/ready|failed/.test(child.output()) && machine.elapsedMs() < deadline) await machine.sleep(10);
  return {
    stop: async () => {
      child.stop('SIGKILL');
      await child.ended;
    },
  };
}
