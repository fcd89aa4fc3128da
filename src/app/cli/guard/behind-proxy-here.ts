import { behindProxy, type GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { isInProxy } from './engine-of.ts';

const HAPROXY_CONFIG = '/etc/haproxy/haproxy.cfg';

/**
 * Whether a firewall is the wrong place for blocks here, since visitors come through a proxy. Codes:
 * `behind-proxy`, `key-missing` for a proxy whose word is believed of nobody; warnings.
 */
export async function behindProxyHere(machine: Machine, settings: GuardSettings): Promise<readonly Diagnostic[]> {
  if (isInProxy(settings)) return nobodyTrusted(settings);
  const { program, config } = settings.nginx;
  const hasNginx = (await machine.exists(config)) && (await machine.hasProgram(program));
  const nginx = hasNginx ? (await machine.run([program, '-c', config, '-T'])).stdout : '';
  const haproxy = await machine.readFile(HAPROXY_CONFIG);
  return [...behindProxy('nginx', nginx), ...(haproxy.ok ? behindProxy('haproxy', haproxy.value) : [])];
}

function nobodyTrusted({ visitorAddress, proxies }: GuardSettings): readonly Diagnostic[] {
  if (visitorAddress === null || proxies.length > 0) return [];
  const message = `visitor-address is ${visitorAddress}, but no proxies are named: nobody's word is believed`;
  return [{ code: 'key-missing', severity: 'warning', message, hint: 'name them: proxies: [ PREFIX, … ]' }];
}
