import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HaproxyEngine, NginxEngine, type Engine, type ProxyPlan } from '../../src/guard/index.ts';
import { linuxMachine, type Child } from '../../src/host/index.ts';
import type { Diagnostic } from '../../src/ip/index.ts';
import { delivery } from './decisions.ts';
import { makeSite, type Site } from './site.ts';

/** The proxies that there are engines for. */
export type Proxy = 'nginx' | 'haproxy';

/** A site behind a proxy of its own: the proxy takes ports 80 and 443, the site and the page answer on loopback. */
export interface ProxySite extends Site {
  /** The engine's folder, and the proxy's own configuration. */
  readonly folder: string;
  readonly config: string;
  /** A new engine for this proxy. */
  engine(more?: { readonly plan?: Partial<ProxyPlan>; readonly gapMs?: number }): Engine;
  /** What the engines said later. */
  readonly told: Diagnostic[];
  /** Ends the proxy, and starts it. */
  stopProxy(): Promise<void>;
  startProxy(): Promise<void>;
}

const SERVE = `
const http = require('node:http');
const ready = () => console.log('ready');
require('node:net').createServer((s) => s.on('error', () => {}).on('data', () => s.write('other'))).listen(22, '::', ready);
http.createServer((q, r) => { q.resume(); r.end('site ' + (q.headers['x-seen'] || '')); }).listen(8081, '127.0.0.1', ready);
http.createServer((q, r) => {
  let body = '';
  q.on('data', (d) => (body += d)).on('end', () => { r.statusCode = 403; r.end(['page', q.headers['x-waymark-address'], q.method, q.url, body].join(' ')); });
}).listen(18080, '127.0.0.1', ready);
`;

// one agent, so that the second request of \`hold\` takes the first one's connection while that is open
const ASK = `
const [how, from, to, port] = process.argv.slice(1);
const say = (word) => { console.log(word); if (how !== 'hold') process.exit(0); };
const agent = new (require('node:http').Agent)({ keepAlive: true });
const get = () => require('node:http').get({ agent, host: to, port, localAddress: from }, (a) => {
  let body = '';
  a.on('data', (d) => (body += d)).on('end', () => say(body.split(' ')[0]));
}).on('error', (e) => (e.code === 'ECONNRESET' && how === 'hold' ? get() : e.message.startsWith('Parse') ? say('other') : say(e.code)));
if (port === '22') require('node:net').connect({ host: to, port, localAddress: from }).on('data', (d) => say(String(d))).on('error', (e) => say(e.code)).write('x');
else get();
if (how === 'hold') process.stdin.on('data', get);
setTimeout(() => say('timeout'), how === 'hold' ? 8000 : 1500);
`;

const machine = linuxMachine();

/** Makes the site, with nothing blocked. The proxy runs. */
export async function makeProxySite(proxy: Proxy): Promise<ProxySite> {
  const site = await makeSite({ serve: SERVE, count: 3, ask: ASK });
  const own = mkdtempSync(join(tmpdir(), `waymark-${proxy}-`));
  const [folder, config, socket] = [join(own, 'waymark'), join(own, 'conf'), join(own, 'socket')];
  const told: Diagnostic[] = [];
  const plan: ProxyPlan = { pagePort: 18080, allowed: delivery.allowed, addressFrom: null, trusted: [] };
  const engine: ProxySite['engine'] = ({ plan: other, gapMs = 0 } = {}) => {
    const common = { folder, plan: { ...plan, ...other }, report: (d: Diagnostic) => void told.push(d) };
    return proxy === 'nginx'
      ? new NginxEngine(site.machine, { ...common, program: 'nginx', config, gapMs })
      : new HaproxyEngine(site.machine, { ...common, socket });
  };
  writeFileSync(config, proxy === 'nginx' ? nginxConfig(own, folder) : haproxyConfig(socket, folder));
  // its files have to be there before the proxy starts
  const first = engine();
  await first.prepare();
  await first.remove();
  let child: Child | null = null;
  const startProxy = async (): Promise<void> => {
    const argv =
      proxy === 'nginx'
        ? ['nginx', '-c', config]
        : ['haproxy', '-W', '-db', '-f', config, '-f', `${folder}/waymark.cfg`];
    child = machine.spawn(['ip', 'netns', 'exec', site.namespaces.site, ...argv]);
    for (let i = 0; i < 300 && (await site.visit('10.77.0.3', 80)) !== 'site'; i++) await machine.sleep(20);
  };
  const stopProxy = async (): Promise<void> => {
    child?.stop('SIGTERM');
    await child?.ended;
  };
  await startProxy();
  return {
    ...site,
    ...{ folder, config, engine, told, startProxy, stopProxy },
    remove: async () => {
      await stopProxy();
      await site.remove();
      rmSync(own, { recursive: true });
    },
  };
}

const nginxConfig = (own: string, folder: string): string => `
daemon off; worker_processes 2; pid ${own}/pid; error_log ${own}/error; user root;
events { worker_connections 200; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((t) => `${t}_temp_path ${own}/${t};`).join(' ')}
  access_log ${own}/access;
  include ${folder}/http.conf;
  server {
    listen 80; listen [::]:80; listen 443; listen [::]:443; listen 81 proxy_protocol;
    error_page 403 404 /mine; proxy_intercept_errors on; deny 10.99.0.0/16;
    include ${folder}/server.conf;
    location / { proxy_pass http://127.0.0.1:8081; proxy_set_header X-Seen $remote_addr; }
  }
}
`;

const haproxyConfig = (socket: string, folder: string): string => `
global
  stats socket ${socket} level admin
defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend www
  bind :::80 v4v6
  bind :::443 v4v6
  bind :81 accept-proxy
  http-request set-src hdr_ip(x-forwarded-for,-1) if { src,map_ip(${folder}/trusted.map) -m found } { hdr_ip(x-forwarded-for,-1) -m found }
  http-request set-src hdr_ip(x-forwarded-for,-2) if { src,map_ip(${folder}/trusted.map) -m found } { hdr_ip(x-forwarded-for,-2) -m found }
  http-request set-var(txn.waymark_until) src,map_ip_int(${folder}/blocked.map,0)
  use_backend waymark_page if { date(0,ms),neg,add(txn.waymark_until) gt 0 } !{ src,map_ip(${folder}/allowed.map) -m found }
  default_backend site
backend site
  http-request set-header X-Seen %[src]
  server site 127.0.0.1:8081
`;
