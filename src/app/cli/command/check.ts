import { diagnose } from '../../../diagnose/index.ts';
import { checkExpectation } from '../../../reach/index.ts';
import { checkJson, checkText, type CheckLine } from '../../../render/index.ts';
import { EXIT, leave, say, textOptions, type Cli } from '../context.ts';
import { networkOf } from '../load.ts';
import { stopsAt, usageFault } from '../report.ts';

/** `waymark check`: a line for each expectation of the network, then the findings behind those that fail. */
export async function check(this: Cli, flags: { network?: string; json?: boolean; verbose?: boolean }): Promise<void> {
  const loaded = await networkOf(this.machine, flags.network);
  if (stopsAt(this, loaded.diagnostics, flags.verbose) || !loaded.value) return;
  const network = loaded.value;
  if (network.expectations.length === 0) {
    stopsAt(this, [
      usageFault(
        'usage',
        'this network expects nothing',
        'add a list `expect:` to the network file: docs/network-file.md',
      ),
    ]);
    return;
  }
  const lines: CheckLine[] = [];
  for (const expectation of network.expectations) {
    const checked = checkExpectation(network, expectation);
    const worst = checked.asked[0];
    const findings = checked.holds === true || !worst ? [] : diagnose(checked.network, worst.question, worst.trip);
    lines.push({ checked, findings });
  }
  say(
    this,
    flags.json
      ? JSON.stringify(checkJson(network, lines), null, 2)
      : checkText(network, lines, textOptions(this, flags)),
  );
  leave(this, lines.every((l) => l.checked.holds === true) ? EXIT.ok : EXIT.no);
}
