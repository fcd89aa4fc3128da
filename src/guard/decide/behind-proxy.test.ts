import { expect, it } from 'vitest';
import { behindProxy } from './behind-proxy.ts';

it.each([
  ['nginx', 'http {\n  set_real_ip_from 10.0.0.0/8;\n}', "'set_real_ip_from 10.0.0.0/8'"],
  ['nginx', 'server { listen 443 ssl proxy_protocol; }', "'listen 443 ssl proxy_protocol'"],
  ['haproxy', 'frontend a\n    bind :80   accept-proxy\n', "'bind :80 accept-proxy'"],
  ['haproxy', 'frontend a\n  http-request set-src hdr(cf-connecting-ip)\n', "'http-request set-src'"],
] as const)('%s tells of a proxy in front: %j', (program, text, words) => {
  expect(behindProxy(program, text)).toMatchObject([
    { code: 'behind-proxy', severity: 'warning', hint: expect.stringContaining(program) },
  ]);
  expect(behindProxy(program, text)[0]!.message).toContain(words);
});
it.each([
  ['nginx', 'http {\n  # set_real_ip_from 10.0.0.0/8;\n server { listen 80; proxy_pass http://x; } }'],
  ['haproxy', 'frontend a\n  bind :80\n  option forwardfor\n  # bind :81 accept-proxy\n'],
] as const)('%s does not: %j', (program, text) => {
  expect(behindProxy(program, text)).toEqual([]);
});
