import { prefixAround } from '../network-prefix.ts';
import type { Failure } from '../failure.ts';
import { acceptRule, betweenWords, byInterface, firstPlace, inPrefix, ofKnownConnection } from './accept-rule.ts';
import type { Remedy } from './remedy.ts';

/** A rule that lets the packet through the chain that dropped or rejected it. */
export function firewallRemedies(failure: Failure): Remedy[] {
  const { network, hop, step, packet, direction } = failure;
  if (step?.action.kind !== 'filter' || step.action.verdict === 'accept') return [];
  if (step.stage !== 'forward' && step.stage !== 'input' && step.stage !== 'output') return [];
  const host = network.hosts.get(hop.host)!;
  const place = firstPlace(host, step.action.table, step.stage);
  if (!place) return [];
  const source = prefixAround(network, packet.source);
  const destination = prefixAround(network, packet.destination);
  const out = lastDev(failure);
  const interfaces = [
    ...(hop.in !== null && step.stage !== 'output' ? [byInterface('iifname', hop.in)] : []),
    ...(out !== null && step.stage === 'forward' ? [byInterface('oifname', out)] : []),
  ];
  const isHalf = isInvalid(failure);
  const answers = direction === 'back' && !isHalf ? [ofKnownConnection] : [];
  const statements = [...interfaces, inPrefix('saddr', source), inPrefix('daddr', destination), ...answers];
  const rule = acceptRule(statements, `accept ${betweenWords(source, destination)}`);
  const kind =
    isHalf && hop.in === out ? 'hairpin-accept' : step.stage === 'forward' ? 'accept-forward' : 'accept-input';
  return [{ kind, host: host.name, changes: [{ kind: 'add-rule', host: host.name, place, rule }] }];
}

/** The interface that routing had picked before the firewall said no. */
function lastDev({ hop }: Failure): string | null {
  const routed = hop.steps.findLast((s) => s.action.kind === 'routed')?.action;
  return routed?.kind === 'routed' ? routed.dev : null;
}

/** Whether connection tracking called the packet invalid at the host that dropped it. */
export function isInvalid({ hop }: Failure): boolean {
  return hop.steps.some((s) => s.action.kind === 'tracked' && s.action.state === 'invalid');
}
