import { expect, it } from 'vitest';
import { loadText } from './index.ts';

/** A router's routes as `ip route` lists them: many networks behind few gateways, one of which is on no link. */
const listing = (count: number): string =>
  [
    'default via 10.9.9.9 dev eth0',
    '10.1.0.0/24 dev eth0 proto kernel scope link src 10.1.0.1',
    ...Array.from({ length: count }, (_, i) => `11.${i >> 8}.${i & 255}.0/24 via 10.1.0.${(i % 200) + 2} dev eth0`),
  ].join('\n');

it('looks for gateways that are on no link, also in a large table', () => {
  const files = { read: (path: string) => (path === 'r.routes' ? listing(30_000) : null), list: () => [] };
  const started = performance.now();
  const { diagnostics } = loadText('hosts: { r: { facts: r.routes } }\n', 'net.yaml', files);
  const far = diagnostics.filter((d) => d.code === 'gateway-off-link').map((d) => d.span?.text);
  expect(far).toEqual(['default via 10.9.9.9 dev eth0']);
  // each gateway against each route would take minutes
  expect(performance.now() - started).toBeLessThan(20_000);
}, 60_000);
