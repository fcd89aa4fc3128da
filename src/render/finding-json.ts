import type { Finding, Fix } from '../diagnose/index.ts';
import { formatAddress } from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import { causeSentence } from './cause-sentence.ts';
import type { FindingJson } from './finding-schema.ts';
import { fixCommands } from './fix-commands.ts';
import { changeWords, fixNotes, fixTitle } from './fix-sentence.ts';

/** A finding with its fixes and their commands. */
export const findingJson = (network: Network, finding: Finding): FindingJson => ({
  cause: finding.cause,
  host: finding.host,
  summary: causeSentence(finding),
  evidence: [...finding.evidence],
  fixes: finding.fixes.map((fix) => fixJson(network, fix)),
});

function fixJson(network: Network, fix: Fix): FindingJson['fixes'][number] {
  const pair = (p: Fix['opens'][number]): FindingJson['fixes'][number]['opens'][number] => ({
    from: p.from, to: p.to, proto: p.protocol, port: p.port, ...(p.address && { address: formatAddress(p.address) }),
  }); // prettier-ignore
  const commands = Object.entries(fixCommands(network, fix)).map(([box, c]) => [
    box,
    { apply: [...c.apply], persist: [...c.persist], undo: [...c.undo] },
  ]);
  return {
    kind: fix.kind,
    title: fixTitle(fix),
    host: fix.host,
    changes: fix.changes.map((c) => ({
      kind: c.kind,
      host: c.host,
      text: changeWords(c, network.hosts.get(c.host)?.system),
    })),
    proved: fix.proved,
    opens: fix.opens.map(pair),
    closes: fix.closes.map(pair),
    notes: fixNotes(fix),
    commands: Object.fromEntries(commands) as FindingJson['fixes'][number]['commands'],
  };
}
