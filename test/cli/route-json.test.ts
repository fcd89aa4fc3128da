import { describe, expect, it } from 'vitest';
import { routeListSchema, translateSchema } from '../../src/render/index.ts';
import { runIn } from './world.ts';

const printed = (stdout: string): unknown => JSON.parse(stdout);

describe('what commands of routes print as JSON', () => {
  it.each([
    ['sudo route -n add -net 10.67.0.0/16 192.168.120.254', false],
    ['ip route add prohibit 2001:db8::/32 metric 7 table 100', false],
    ['no ip route 10.67.0.0 255.255.0.0', true],
  ])('fits the schema of route translate: %s', async (text, takesAway) => {
    const { stdout, code } = await runIn({}, ['route', 'translate', text, '--json']);
    expect(code).toBe(0);
    const json = translateSchema.strict().parse(printed(stdout));
    expect(json).toEqual(printed(stdout));
    expect(json).toMatchObject({ takesAway, left: 0 });
    expect(json.routes[0]).toMatch(takesAway ? / del / : / add /);
    expect(json.translations.length).toBeGreaterThan(25);
  });

  it('counts what is left out', async () => {
    const listing =
      'default via 10.0.0.1 dev eth0 proto dhcp\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5\n';
    const { stdout } = await runIn({ stdin: listing }, ['route', 'translate', '-', '--to', 'ios', '--json']);
    expect(translateSchema.parse(printed(stdout))).toMatchObject({
      from: 'iproute2',
      left: 1,
      routes: [expect.anything()],
    });
  });

  it('fits the schema of route list', async () => {
    const routes = [
      { dst: '10.67.0.0/16', gateway: '10.0.0.1', dev: 'eth0', protocol: '119', flags: [] },
      { dst: 'default', gateway: '10.0.0.1', dev: 'eth0', protocol: '3', metric: 50, flags: [] },
    ];
    const commands = { 'uname -s': 'Linux', 'ip -4 -j -d -N route show table all': JSON.stringify(routes), 'ip -6 -j -d -N route show table all': '[]' }; // prettier-ignore
    const { stdout, stderr } = await runIn({ commands }, ['route', 'list', '--all', '--json']);
    expect(stderr).toBe('');
    const json = routeListSchema.strict().parse(printed(stdout));
    expect(json).toEqual(printed(stdout));
    expect(json.routes).toMatchObject([
      { prefix: '10.67.0.0/16', own: true, hops: [{ via: '10.0.0.1', dev: 'eth0' }] },
      { prefix: '0.0.0.0/0', own: false, metric: 50 },
    ]);
  });
});
