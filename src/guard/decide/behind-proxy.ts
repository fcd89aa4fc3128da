import type { Diagnostic } from '../../ip/index.ts';

/** Directives that say: the visitor's address is not the one that packets come from. */
const SIGNS: Readonly<Record<'nginx' | 'haproxy', RegExp>> = {
  // ngx_http_realip_module; `listen … proxy_protocol`
  nginx: /^(?:[^#\n]*[;{}])?\s*(set_real_ip_from\s+[^;\s]+|listen\s[^;]*\bproxy_protocol)\b[^;\n]*;/m,
  // HAProxy configuration manual: bind … accept-proxy, http-request set-src, tcp-request … set-src
  haproxy: /^\s*(bind\s[^#\n]*\baccept-proxy|(?:http-request|tcp-request\s\S+)\s+set-src)\b.*$/m,
};

/**
 * What a configuration of nginx or HAProxy says of a proxy in front: a firewall sees that one's address in all packets, so
 * that a block there hits nobody, or everybody. Code: `behind-proxy`.
 */
export function behindProxy(program: 'nginx' | 'haproxy', configuration: string): readonly Diagnostic[] {
  const found = SIGNS[program].exec(configuration);
  if (!found) return [];
  const line = found[1]!.trim().replace(/\s+/g, ' ');
  const message = `visitors come through a proxy in front ('${line}'): their packets have its address, not theirs; a firewall that blocks them stops nothing`;
  const hint = `let ${program} do it: engine: ${program}`;
  return [{ code: 'behind-proxy', severity: 'warning', message, hint }];
}
