import { parseRouteQuestion, type RouteQuestionWords } from '../../../dialect/index.ts';
import {
  formatAddress,
  isLimitedBroadcast,
  isMulticast,
  nearestHint,
  type Diagnostic,
  type Parsed,
} from '../../../ip/index.ts';
import { interfaceNamed, type Host, type Network } from '../../../model/index.ts';
import { routeWhyJson, routeWhyText } from '../../../render/index.ts';
import { whyRoute, type RouteQuestion } from '../../../trace/index.ts';
import { EXIT, leave, say, textOptions, type Cli } from '../context.ts';
import { networkOf } from '../load.ts';
import { stopsAt, usageFault } from '../report.ts';

interface Flags {
  readonly network?: string;
  readonly host?: string;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** `waymark route why ADDRESS …`: exit 0 when the packet has a way, else 1. */
export async function routeWhy(this: Cli, flags: Flags, ...words: string[]): Promise<void> {
  if (words.length === 0) {
    stopsAt(this, [usageFault('usage', 'name the address that is looked for', 'for example 10.5.5.20')]);
    return;
  }
  const asked = parseRouteQuestion(words.join(' '), { source: 'command line', line: 1 });
  if (stopsAt(this, asked.diagnostics) || !asked.value) return;
  const loaded = await networkOf(this.machine, flags.network);
  if (stopsAt(this, loaded.diagnostics, flags.verbose) || !loaded.value) return;
  const host = hostOf(loaded.value, flags.host);
  if (stopsAt(this, host.diagnostics) || !host.value) return;
  if (stopsAt(this, faultsOf(host.value, asked.value))) return;
  const question = questionOf(asked.value);
  const answers = whyRoute(host.value, question);
  const { name } = host.value;
  if (flags.json) say(this, JSON.stringify(routeWhyJson(name, question, answers), null, 2));
  else say(this, routeWhyText(name, question, answers, textOptions(this, flags)));
  leave(this, answers.every(({ end }) => end.kind === 'goes' || end.kind === 'here') ? EXIT.ok : EXIT.no);
}

const questionOf = ({ protocol, ...rest }: RouteQuestionWords): RouteQuestion => ({
  ...rest,
  ...(protocol === null ? {} : { protocol }),
});

/** The host that is asked: the one that is named, or the only one. */
function hostOf(network: Network, name: string | undefined): Parsed<Host | null> {
  const names = [...network.hosts.keys()];
  const found = name === undefined && names.length === 1 ? names[0] : name;
  if (found === undefined)
    return {
      value: null,
      diagnostics: [usageFault('usage', 'say whose routes are asked', `--host, one of ${names.join(', ')}`)],
    };
  const host = network.hosts.get(found);
  if (host) return { value: host, diagnostics: [] };
  const fault = usageFault('host-unknown', `there is no host '${found}' in this network`, nearestHint(found, names));
  return { value: null, diagnostics: [fault] };
}

/** Why the question can't be asked of this host. */
function faultsOf(host: Host, { destination, iif }: RouteQuestionWords): Diagnostic[] {
  if (iif === null) return [];
  if (!interfaceNamed(host, iif)) {
    const near = nearestHint(
      iif,
      host.interfaces.map((i) => i.name),
    );
    return [usageFault('name-unknown', `${host.name} has no interface '${iif}'`, near)];
  }
  if (!isMulticast(destination) && !isLimitedBroadcast(destination)) return [];
  const message = `no route decides who hears ${formatAddress(destination)}`;
  return [usageFault('usage', message, 'that do the groups which were joined: ip maddr show')];
}
