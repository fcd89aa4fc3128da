import { decisionJson, type Decision, type GuardRequest, type GuardSettings } from '../../../guard/index.ts';
import { formatAddress } from '../../../ip/index.ts';
import { decisionDetails, decisionTable } from '../../../render/index.ts';
import { EXIT, leave, note, say, sayPart, type Cli } from '../context.ts';
import { askGuard } from '../guard/ask-guard.ts';
import { listDecisions } from '../guard/list-guard.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { whomOf, type Whom } from '../guard/whom.ts';
import { stopsAt } from '../report.ts';

interface Flags {
  readonly settings?: string;
  readonly json?: boolean;
}

/** `waymark blocked [WHOM]`: exit 0 when somebody is blocked, or that address or reference is; 1 when not. */
export async function blocked(this: Cli, flags: Flags, target?: string): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  const { whom, faults } = target === undefined ? { whom: null, faults: [] } : whomOf(target);
  const errors = faults.filter((d) => d.severity === 'error');
  if (stopsAt(this, [...settings.diagnostics, ...errors])) return;
  if (whom === null) {
    await listed(this, flags, settings.value);
    return;
  }
  const { decisions, diagnostics } = await askGuard(this.machine, settings.value, requestFor(whom));
  if (stopsAt(this, diagnostics)) return;
  if (flags.json) say(this, decisions.map(jsonLine).join('') + jsonEnd(decisions.length));
  else say(this, decisionDetails(decisions, this.machine.now().getTime()));
  if (decisions.length > 0) return;
  if (!flags.json) note(this, nobody(whom));
  leave(this, EXIT.no);
}

/** All of them, printed while they come. */
async function listed(cli: Cli, { json }: Flags, settings: GuardSettings): Promise<void> {
  let count = 0;
  const table = decisionTable(cli.machine.now().getTime());
  const diagnostics = await listDecisions(cli.machine, settings, async (part) => {
    const first = count;
    count += part.length;
    await sayPart(cli, json ? part.map((d, i) => jsonLine(d, first + i)).join('') : table(part));
  });
  if (json && (count > 0 || diagnostics.length === 0)) say(cli, jsonEnd(count));
  if (stopsAt(cli, diagnostics) || count > 0) return;
  if (!json) note(cli, 'nobody is blocked');
  leave(cli, EXIT.no);
}

/** One of an array, as `JSON.stringify` with an indent of 2 writes it. */
const jsonLine = (decision: Decision, index: number): string =>
  `${index === 0 ? '[' : ','}\n  ${JSON.stringify(decisionJson(decision), null, 2).replaceAll('\n', '\n  ')}`;

const jsonEnd = (count: number): string => (count === 0 ? '[]\n' : '\n]\n');

const requestFor = (whom: Whom): Exclude<GuardRequest, { do: 'list' }> =>
  whom.kind === 'reference'
    ? { do: 'with-reference', reference: whom.reference }
    : { do: 'at', address: formatAddress(whom.prefix.address) };

const nobody = (whom: Whom): string =>
  whom.kind === 'reference'
    ? `nobody is blocked with the reference ${whom.reference}`
    : `${formatAddress(whom.prefix.address)} is not blocked`;
