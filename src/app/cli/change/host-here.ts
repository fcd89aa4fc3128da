import type { Hands } from '../../../change/index.ts';
import { assumption, hasErrors, type Parsed } from '../../../ip/index.ts';
import { emptyRuleset, type Host, type Route } from '../../../model/index.ts';
import { networkOf } from '../load.ts';

/** This machine as far as routes are decided: on Linux all of its facts, elsewhere its table. Only errors are told. */
export async function hostHere({ machine, system }: Hands): Promise<Parsed<Host | null>> {
  if (system.name === 'linux') {
    const { value, diagnostics } = await networkOf(machine, undefined);
    const host = value && [...value.hosts.values()][0];
    return { value: host ?? null, diagnostics: diagnostics.filter((d) => d.severity === 'error') };
  }
  const { value, diagnostics } = await system.read(machine);
  return { value: hasErrors(diagnostics) ? null : bareHost(value), diagnostics };
}

const bareHost = (routes: readonly Route[]): Host => ({
  name: 'this machine',
  interfaces: [],
  routes,
  rules: [],
  neighbours: [],
  settings: new Map(),
  ruleset: emptyRuleset(false),
  openvpn: [],
  virtualServers: [],
  knowledge: 'collected',
  manager: 'unknown',
  fact: assumption('only the routing table was read'),
});
