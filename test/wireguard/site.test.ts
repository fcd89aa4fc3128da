import { describe, expect, it } from 'vitest';
import { readPing } from '../../src/lab/read-ping.ts';
import { predictedProbe, type Observation } from '../../src/lab/index.ts';
import { diagnose } from '../../src/diagnose/index.ts';
import { fixCommands } from '../../src/render/fix-commands.ts';
import type { Network } from '../../src/model/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { roundTrip, type RoundTrip } from '../../src/trace/index.ts';
import { runInVm, whyNoVm } from '../support/vm/run-in-vm.ts';
import { SITE_CASES, type SiteCase } from './site-cases.ts';
import { boxCommands, siteNetwork, siteOf, tunnelCommands } from './site.ts';

function ping(network: Network, from: string, to: string): RoundTrip {
  const question = askFor(network, from, to, { protocol: 'icmp', port: 0 });
  if (!question.ok) throw new Error(question.message);
  return roundTrip(network, question.value);
}

/** The commands of the first fix, each on its box; it must be there. */
function fixOf(variant: SiteCase, from: string, to: string): string[] {
  const network = siteNetwork(siteOf(variant));
  const question = askFor(network, from, to, { protocol: 'icmp', port: 0 });
  if (!question.ok) throw new Error(question.message);
  const fix = diagnose(network, question.value, roundTrip(network, question.value))[0]!.fixes[0]!;
  return Object.entries(fixCommands(network, fix)).flatMap(([host, { apply }]) =>
    apply.map((line) => `ip netns exec ${host} ${line}`),
  );
}

function said(seen: Observation | undefined): string {
  if (seen?.kind === 'error') return seen.errno;
  return seen?.kind === 'icmp' ? `${seen.type}/${seen.code} from ${seen.from}` : (seen?.kind ?? 'nothing');
}

/** What ping shows; a tunnel that would carry itself is no lab's question, but it is the kernel's. */
function predicted(trip: RoundTrip): string {
  const probed = predictedProbe(trip);
  return probed ? said(probed.first) : trip.sees.kind;
}

describe('WireGuard, two offices and a telephone', () => {
  it.each(SITE_CASES)('$name', (variant) => {
    const network = siteNetwork(siteOf(variant));
    const told = variant.pings.map(([from, to]) => [from, to, predicted(ping(network, from, to))]);
    expect(told).toEqual(variant.pings);
  });

  const reason = whyNoVm(['wg', 'wg-quick', 'nft', 'iptables-nft-restore', 'ping']);

  it.skipIf(reason !== null)('goes so in the kernel', { timeout: 600_000 }, async () => {
    const cases = SITE_CASES.map((variant) => {
      const ask = ([from, to]: readonly [string, string, ...string[]]): string =>
        `echo "= ${from} ${to}"; ip netns exec ${from} ping -n -c 1 -W 2 ${to} 2>&1; echo "= end"`;
      const { heals } = variant;
      const healed = heals ? [...fixOf(variant, ...heals), ask(heals)] : [];
      const pings = [...variant.pings.map(ask), ...healed];
      return `echo "# ${variant.name}"\n${tunnelCommands(variant, '/tmp/site', pings)}`;
    });
    const script = ['umask 077', 'ln -s /proc/self/fd /dev/fd', boxCommands(), ...cases].join('\n');
    const { output } = await runInVm(script, 580_000);
    const seen = output.split(/^# .*$/m).slice(1).map((part) =>
      [...part.matchAll(/^= (\S+) (\S+)\n([^]*?)^= end$/gm)].map(([, from, to, text]) => [from, to, said(readPing(text!, 4))]),
    ); // prettier-ignore
    expect(seen, output).toEqual(SITE_CASES.map((c) => [...c.pings, ...(c.heals ? [[...c.heals, 'answered']] : [])]));
  });
});
