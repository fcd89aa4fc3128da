import { setting, type Host } from '../model/index.ts';
import { HopBuilder } from './hop-builder.ts';
import type { Packet } from './packet.ts';
import type { Trace } from './step.ts';

/** The return trace of a host that is set to keep silent to pings (icmp_echo_ignore_all); null when it answers. */
export function ignoredEcho(host: Host, request: Packet, answer: Packet): Trace | null {
  if (request.icmpType !== (request.family === 4 ? 8 : 128)) return null;
  const key = request.family === 4 ? 'ipv4/icmp_echo_ignore_all' : 'ipv6/icmp/echo_ignore_all';
  const { value, fact } = setting(host, key);
  if (value !== '1') return null;
  const hop = new HopBuilder(host, null, answer);
  hop.record({ stage: 'start', action: { kind: 'start', packet: answer, answer: true }, because: [] });
  const action = { kind: 'filter', table: '', chain: key, verdict: 'drop', byPolicy: true, rulesMet: 0 } as const;
  hop.record({ stage: 'output', action, because: [fact] });
  const hops = [hop.finish({ out: null, via: null, link: null, packet: answer })];
  const none = { refusal: null, refusalArrives: false, localError: null, uncertain: [] };
  return { packet: answer, hops, outcome: 'filtered', host: host.name, ...none };
}
