import { formatPrefix, type Prefix } from '../../../ip/index.ts';
import type { Listed } from './proxy-list.ts';

/** Which header of a proxy in front, or which protocol, says who the visitor is. */
export type AddressFrom = 'x-forwarded-for' | 'proxy-protocol';

/** What the files of a proxy are made of. */
export interface ProxyPlan {
  /** The page's port on this machine's loopback. */
  readonly pagePort: number;
  /** Never led to the page. */
  readonly allowed: readonly Prefix[];
  /** Null where the proxy itself knows who its visitors are. */
  readonly addressFrom: AddressFrom | null;
  /** Proxies in front, whose word about the visitor's address is believed; nobody else's is. */
  readonly trusted: readonly Prefix[];
}

/** The header by which the proxy tells the page server whom it leads there. */
export const ADDRESS_HEADER = 'X-Waymark-Address';

const WRITTEN = '# Written by waymark guard; what is changed here is lost.\n';

/** Names of the files in the folder. */
export const NGINX_FILES = { http: 'http.conf', server: 'server.conf', blocked: 'blocked.conf' } as const;

/** For `http { }`: whom to lead to the page. ngx_http_geo_module, ngx_http_realip_module. */
export function nginxHttpText(folder: string, { pagePort, allowed, addressFrom, trusted }: ProxyPlan): string {
  const real =
    addressFrom === null
      ? []
      : [
          ...trusted.map((prefix) => `set_real_ip_from ${formatPrefix(prefix)};`),
          `real_ip_header ${addressFrom === 'proxy-protocol' ? 'proxy_protocol' : 'X-Forwarded-For'};`,
          'real_ip_recursive on;',
        ];
  return [
    `${WRITTEN}# In http { }:  include ${folder}/${NGINX_FILES.http};`,
    ...real,
    `geo $waymark_listed {\n    default 0;\n    include ${folder}/${NGINX_FILES.blocked};\n}`,
    `geo $waymark_allowed {\n    default 0;\n${allowed.map((prefix) => `    ${formatPrefix(prefix)} 1;\n`).join('')}}`,
    'map "$waymark_listed$waymark_allowed" $waymark_blocked {\n    default 0;\n    "10" 1;\n}',
    `upstream waymark_page {\n    server 127.0.0.1:${pagePort};\n    keepalive 16;\n}`,
    '',
  ].join('\n');
}

/**
 * For each `server { }` of the site. The method, the path and the body are the visitor's; what the server forbids or
 * intercepts does not hold for the page; its answers stay out of the log, that nobody is blocked for being blocked.
 */
export const nginxServerText = (
  folder: string,
): string => `${WRITTEN}# In each server { } of the site:  include ${folder}/${NGINX_FILES.server};
if ($waymark_blocked) {
    rewrite ^ /.well-known/waymark-page last;
}
location = /.well-known/waymark-page {
    internal;
    proxy_pass http://waymark_page$request_uri;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header ${ADDRESS_HEADER} $remote_addr;
    proxy_intercept_errors off;
    proxy_cache off;
    proxy_request_buffering off;
    client_max_body_size 0;
    auth_basic off;
    allow all;
    access_log off;
}
`;

/** The entries of the list. */
export function nginxListText(listed: Iterable<Listed>): string {
  const lines: string[] = [WRITTEN];
  for (const { prefix } of listed) lines.push(`${prefix} 1;\n`);
  return lines.join('');
}
