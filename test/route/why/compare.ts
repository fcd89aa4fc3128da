import { parseRoutes, parseRouteQuestion } from '../../../src/dialect/index.ts';
import { hostFromBundle, parseBundle } from '../../../src/facts/index.ts';
import { formatAddress, formatPrefix, isLimitedBroadcast, isMulticast, type Address } from '../../../src/ip/index.ts';
import { TABLE, type Host, type Route } from '../../../src/model/index.ts';
import { whyRoute, type RouteAnswer } from '../../../src/trace/index.ts';
import type { KernelAnswer } from './kernel.ts';

/** The host as its facts say. Throws when they were not understood: then nothing can be compared. */
export function hostOf(bundle: string): Host {
  const parsed = parseBundle(bundle, 'here');
  const { value, diagnostics } = hostFromBundle(parsed.value, { name: 'here' });
  const faults = [...parsed.diagnostics, ...diagnostics].filter((d) => d.severity === 'error');
  if (faults.length > 0) throw new Error(`facts: ${faults.map((d) => d.message).join('; ')}`);
  return value;
}

/** One question as the model and the kernel answer it. */
export interface Compared {
  readonly question: string;
  readonly model: readonly string[];
  readonly kernel: string;
  readonly answers: readonly RouteAnswer[];
}

/** Both answers to one question as lines; they agree when the kernel's is among the model's. */
export function compare(host: Host, question: string, kernel: KernelAnswer): Compared {
  const { protocol, ...asked } = parseRouteQuestion(question, { source: '-', line: 1 }).value!;
  const answers = whyRoute(host, { ...asked, ...(protocol === null ? {} : { protocol }) });
  const saysSource = asked.source === null;
  return {
    question,
    answers,
    model: [...new Set(answers.map((a) => modelLine(a, saysSource, ownRules(host))))],
    kernel: kernelLine(kernel, saysSource),
  };
}

const ownRules = ({ rules }: Host): boolean =>
  String(rules.filter((r) => r.family === 4).map((r) => r.priority)) !== '0,32766,32767';

/** Whether the kernel's answer is one of the model's. */
export const agrees = ({ model, kernel }: Compared): boolean => model.includes(kernel);

const ERRORS: Readonly<Record<string, string>> = {
  'Network is unreachable': 'ENETUNREACH',
  'No route to host': 'EHOSTUNREACH',
  'Permission denied': 'EACCES',
  'Invalid argument': 'EINVAL',
  'Invalid cross-device link': 'EINVAL',
};

const line = (parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function kernelLine(a: KernelAnswer, saysSource: boolean): string {
  if (a.error !== null) return ERRORS[a.error] ?? a.error;
  const match = a.match === '' ? '' : routeLine(matched(a.match));
  return line({ dev: a.dev, via: a.via, src: saysSource ? a.source : '', by: match });
}

function matched(json: string): Route {
  const plain = { ...(JSON.parse(json) as Record<string, unknown>), iif: undefined };
  const route = parseRoutes(JSON.stringify([plain]), 'ip route get').value[0];
  if (!route) throw new Error(`the kernel's route was not understood: ${json}`);
  return route;
}

function modelLine({ end, steps }: RouteAnswer, saysSource: boolean, hasOwnRules: boolean): string {
  const routed = steps.findLast((s) => s.action.kind === 'routed')?.action;
  const unrouted = steps.findLast((s) => s.action.kind === 'not-routed')?.action;
  if (end.kind === 'refused') return end.error;
  // the kernel looks at forwarding of IPv6 only when the packet comes
  const isSix = routed?.kind === 'routed' && routed.destination.family === 6;
  if (end.kind === 'dropped' && !(isSix && routed)) return errorOf(end.outcome, unrouted !== undefined);
  if (routed?.kind !== 'routed' && end.kind === 'goes') return line({ dev: end.dev });
  if (routed?.kind !== 'routed') return 'no route was looked for';
  const source = end.kind === 'dropped' ? null : end.source;
  return line({
    dev: routed.dev,
    via: routed.via && routed.route.type === 'unicast' ? formatAddress(routed.via) : '',
    src: saysSource && source ? formatAddress(source) : '',
    by: routeLine(asNamed(routed.route, routed.destination, hasOwnRules)),
  });
}

/**
 * The route as the kernel names it. Of what is for all it names the packet's type, and as long as nobody added a rule the
 * tables local and main are one, by the name of main (fib_trie_table).
 */
function asNamed(route: Route, destination: Address, hasOwnRules: boolean): Route {
  const isFour = destination.family === 4;
  const type = !isFour ? route.type : isMulticast(destination) ? 'multicast' : isLimitedBroadcast(destination) ? 'broadcast' : route.type; // prettier-ignore
  const table = isFour && route.table === TABLE.local && !hasOwnRules ? TABLE.main : route.table;
  return { ...route, type, table };
}

function errorOf(outcome: string, unrouted: boolean): string {
  switch (outcome) {
    case 'martian':
    case 'reverse-path':
    case 'route-blackhole':
      return 'EINVAL';
    case 'forwarding-off':
      return 'EHOSTUNREACH';
    case 'route-prohibited':
      return 'EACCES';
    case 'route-unreachable':
      return 'EHOSTUNREACH';
    default:
      return unrouted ? 'ENETUNREACH' : outcome;
  }
}

/** A route by what is its own, next hops in any order. */
function routeLine({ type, prefix, table, metric, tos, protocol, nexthops, source }: Route): string {
  const hops = nexthops.map((n) => `${n.via ? formatAddress(n.via) : ''}%${n.dev ?? ''}*${n.weight}`).sort();
  const src = source ? ` src ${formatAddress(source)}` : '';
  return `${type} ${formatPrefix(prefix)} table ${table} metric ${metric} tos ${tos} proto ${protocol} ${hops.join(' ')}${src}`;
}
