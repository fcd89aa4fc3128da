import * as z from 'zod/mini';
import type { AddressFrom } from './enforce/proxy/nginx-text.ts';
import { fileBeside, said, settingsPart } from './settings-part.ts';

/** How the guard works with a proxy on this machine, where `engine` names one. */
export interface ProxySettings {
  /** Null where the proxy is told by its own configuration who its visitors are. */
  readonly visitorAddress: AddressFrom | null;
  readonly nginx: { readonly folder: string; readonly config: string; readonly program: string };
  readonly haproxy: { readonly folder: string; readonly socket: string };
}

const USUAL: ProxySettings = {
  visitorAddress: null,
  nginx: { folder: '/etc/nginx/waymark', config: '/etc/nginx/nginx.conf', program: 'nginx' },
  haproxy: { folder: '/etc/haproxy/waymark', socket: '/run/haproxy/admin.sock' },
};
const text = z.optional(z.string());
const nginx = z.strictObject({
  folder: said(`Where the guard's files are, which nginx includes; ${USUAL.nginx.folder} when not said`, text),
  config: said(`Its configuration; ${USUAL.nginx.config} when not said`, text),
  program: said('The program; nginx when not said', text),
});
const haproxy = z.strictObject({
  folder: said(`Where the guard's files are, which HAProxy reads; ${USUAL.haproxy.folder} when not said`, text),
  socket: said(`Its stats socket, with level admin; ${USUAL.haproxy.socket} when not said`, text),
});

/** `visitor-address`, `nginx`, `haproxy`. */
export const proxySettings = settingsPart({
  fields: {
    'visitor-address': said(
      'What tells nginx or HAProxy who a visitor is, when it comes through one of `proxies`',
      z.optional(z.enum(['x-forwarded-for', 'proxy-protocol'])),
    ),
    nginx: said('The nginx of this machine, for engine: nginx', z.optional(nginx)),
    haproxy: said('The HAProxy of this machine, for engine: haproxy', z.optional(haproxy)),
  },
  usual: USUAL,
  read({ 'visitor-address': visitorAddress = null, nginx: n = {}, haproxy: h = {} }, document) {
    const file = (given: string | undefined, usual: string): string =>
      given === undefined ? usual : fileBeside(given, document);
    const value: ProxySettings = {
      visitorAddress,
      nginx: {
        folder: file(n.folder, USUAL.nginx.folder),
        config: file(n.config, USUAL.nginx.config),
        program: n.program ?? USUAL.nginx.program,
      },
      haproxy: {
        folder: file(h.folder, USUAL.haproxy.folder),
        socket: file(h.socket, USUAL.haproxy.socket),
      },
    };
    return { value, diagnostics: [] };
  },
});
