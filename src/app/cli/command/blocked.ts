import { decisionJson, type GuardRequest } from '../../../guard/index.ts';
import { formatAddress } from '../../../ip/index.ts';
import { decisionDetails, decisionsText } from '../../../render/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { askGuard } from '../guard/ask-guard.ts';
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
  const request = requestFor(whom);
  const { decisions, diagnostics } = await askGuard(this.machine, settings.value, request);
  if (stopsAt(this, diagnostics)) return;
  const now = this.machine.now().getTime();
  if (flags.json) say(this, JSON.stringify(decisions.map(decisionJson), null, 2));
  else say(this, whom === null ? decisionsText(decisions, now) : decisionDetails(decisions, now));
  if (decisions.length > 0) return;
  if (!flags.json) note(this, nobody(whom));
  leave(this, EXIT.no);
}

const requestFor = (whom: Whom | null): GuardRequest => {
  if (whom === null) return { do: 'list' };
  if (whom.kind === 'reference') return { do: 'with-reference', reference: whom.reference };
  return { do: 'at', address: formatAddress(whom.prefix.address) };
};

const nobody = (whom: Whom | null): string => {
  if (whom === null) return 'nobody is blocked';
  if (whom.kind === 'reference') return `nobody is blocked with the reference ${whom.reference}`;
  return `${formatAddress(whom.prefix.address)} is not blocked`;
};
