import { describe, expect, it } from 'vitest';
import { compareNetwork } from '../conformance/compare.ts';
import { questionFor, WORKER } from '../conformance/kernel.ts';
import { networkOf } from '../conformance/network-of.ts';
import type { NetworkObservation } from '../conformance/observation.ts';
import { printComparison } from '../conformance/print.ts';
import { inVm, runInVm, whyNoVm } from '../support/vm/run-in-vm.ts';
import { directorNetworks } from './director-cases.ts';

/** Seconds without a packet after which nothing more is expected: the machine is emulated. */
const QUIET = 2;

const reason = whyNoVm(['ipvsadm', 'ipvsadm-restore', 'iptables-nft-restore', 'python3']);

describe.skipIf(reason !== null)('the model and a kernel with IPVS', () => {
  it('agree on what becomes of each packet', { timeout: 300_000 }, async () => {
    const specs = directorNetworks();
    // asking for virtual servers loads IPVS, and with it the settings of new namespaces
    const script = `ipvsadm -Ln >/dev/null; cat >/tmp/question <<'QUESTION'
${questionFor(specs, QUIET)}
QUESTION
exec python3 '${inVm(WORKER)}' </tmp/question`;
    const { output } = await runInVm(script, 280_000);
    const [base, seen] = output.split('\n').filter((l) => l.startsWith('{')).map((l) => JSON.parse(l) as unknown) as [
      { base: [string, string][] },
      { networks: NetworkObservation[] } | undefined,
    ]; // prettier-ignore
    if (!seen) throw new Error(output);
    const differing = specs.flatMap((spec, i) => {
      const observed = seen.networks[i]!;
      expect([spec.name, observed.refused]).toEqual([spec.name, []]);
      const { network, problems } = networkOf(spec, observed, base.base);
      expect([spec.name, problems]).toEqual([spec.name, []]);
      const comparisons = compareNetwork(spec, network, observed);
      return comparisons.flatMap((c) =>
        c.verdict === 'same' ? [] : [`${spec.name} (${c.verdict})\n${printComparison(c)}`],
      );
    });
    expect(differing.join('\n\n')).toBe('');
  });
});
