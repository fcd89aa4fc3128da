import { diagnose, type Finding } from '../../diagnose/index.ts';
import type { Network } from '../../model/index.ts';
import { worldWith } from '../../reach/index.ts';
import { questionOf } from './ask.ts';
import { roundTrip, type Question, type RoundTrip } from '../../trace/index.ts';
import type { Cli } from './context.ts';
import { serviceOf, type ServiceFlags } from './flags.ts';
import { networkOf } from './load.ts';
import { stopsAt, usageFault } from './report.ts';

/** A question that was asked, with its answer and what is wrong. */
export interface Diagnosed {
  readonly network: Network;
  readonly question: Question;
  readonly trip: RoundTrip;
  readonly findings: readonly Finding[];
}

/** Flags of the commands that ask one question. */
export interface QuestionFlags extends ServiceFlags {
  readonly network?: string;
  readonly verbose?: boolean;
}

/** Loads the network and asks whether FROM reaches TO. Null when something was wrong; it is reported then. */
export async function askOnce(cli: Cli, flags: QuestionFlags, from: string, to: string): Promise<Diagnosed | null> {
  const service = serviceOf(flags);
  if (!service.ok) {
    stopsAt(cli, [usageFault(service.code, service.message, service.hint)]);
    return null;
  }
  const loaded = await networkOf(cli.machine, flags.network);
  if (stopsAt(cli, loaded.diagnostics, flags.verbose) || !loaded.value) return null;
  // somebody on the internet may ask too
  const network = worldWith(loaded.value, from);
  const asked = questionOf(network, from, to, service.value);
  if (!asked.ok) {
    stopsAt(cli, [usageFault(asked.code, asked.message, asked.hint)]);
    return null;
  }
  const question: Question = flags.size === undefined ? asked.value : { ...asked.value, length: flags.size };
  const trip = roundTrip(network, question);
  return { network, question, trip, findings: diagnose(network, question, trip) };
}
