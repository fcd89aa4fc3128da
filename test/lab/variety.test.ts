import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linuxMachine } from '../../src/host/index.ts';
import {
  buildLab,
  forgetRedirects,
  listenerFor,
  planLab,
  predictedProbe,
  probe,
  removeLab,
} from '../../src/lab/index.ts';
import type { Lab } from '../../src/lab/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { roundTrip } from '../../src/trace/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { networkFrom } from '../support/lab-network.ts';

const reason = whyNoLab(['ip', 'nft', 'ping', 'openvpn', 'openssl']);
const machine = linuxMachine();
const run = randomBytes(4).toString('hex');

/** From, to, protocol and port, and what is seen on the first try. */
const QUESTIONS = [
  ['desk', '10.5.5.20', 'icmp', 0, 'answered'],
  ['server', '192.168.50.20', 'icmp', 0, 'answered'],
  ['desk', 'fd00:5::20', 'icmp', 0, 'answered'],
  ['server', 'fd00:50::20', 'icmp', 0, 'answered'],
  ['branch-vpn', '10.5.5.20', 'icmp', 0, 'answered'],
  ['desk', '10.5.5.20', 'tcp', 22, 'answered'],
  ['desk', '10.5.5.20', 'tcp', 23, 'error'],
  ['head-gw', '10.5.5.20', 'tcp', 23, 'error'],
  ['desk', '10.5.5.20', 'udp', 53, 'answered'],
  ['blocked', '10.5.5.20', 'icmp', 0, 'timeout'],
  ['strict', '10.5.5.20', 'icmp', 0, 'answered'],
  ['server', '192.168.50.30', 'icmp', 0, 'answered'],
  ['branch-gw', '203.0.113.2', 'icmp', 0, 'answered'],
  ['branch-gw', '203.0.113.2', 'tcp', 8022, 'answered'],
  ['branch-gw', '2001:db8:1::2', 'icmp', 0, 'answered'],
  ['server', '198.51.100.7', 'tcp', 443, 'answered'],
  ['desk', '203.0.113.2', 'icmp', 0, 'timeout'],
  ['server', '10.66.0.1', 'icmp', 0, 'icmp'],
  ['server', '10.67.0.1', 'icmp', 0, 'icmp'],
  ['server', '10.68.0.1', 'icmp', 0, 'timeout'],
  ['head-gw', '10.66.0.1', 'icmp', 0, 'error'],
  ['head-gw', '10.68.0.1', 'tcp', 80, 'error'],
  ['server', '10.5.5.99', 'icmp', 0, 'icmp'],
  ['desk', 'fd00:50::99', 'icmp', 0, 'icmp'],
] as const;

describe.skipIf(reason !== null)('a network with a bit of everything', () => {
  const network = networkFrom(join(import.meta.dirname, 'variety.yaml'));
  let lab: Lab;
  beforeAll(async () => {
    const plan = planLab(network, run);
    expect(plan.diagnostics).toEqual([]);
    const built = await buildLab(machine, plan);
    if (!built.value) throw new Error(built.diagnostics.map((d) => d.message).join('; '));
    lab = built.value;
  });
  afterAll(async () => {
    expect(await removeLab(machine, run)).toEqual([]);
  });

  it.each(QUESTIONS)('%s asks %s by %s/%i: %s', async (from, to, protocol, port, kind) => {
    const question = askFor(network, from, to, { protocol, port });
    if (!question.ok) throw new Error(question.message);
    const trip = roundTrip(network, question.value);
    await forgetRedirects(machine, lab);
    // ip_error gives a source one error a second, and none in the second after a redirect
    if (kind === 'icmp') await machine.sleep(1200);
    const seen = await probe(machine, lab, question.value, listenerFor(trip));
    expect(seen.first.kind).toBe(kind);
    expect(predictedProbe(trip)?.first, 'what the model says').toEqual(seen.first);
  });

  it('has exactly the routes of the model', async () => {
    for (const [host, namespace] of lab.hosts) {
      const real = await machine.run(['ip', '-n', namespace, 'route', 'show', 'table', 'main']);
      const wanted = network.hosts.get(host)!.routes.filter((r) => r.table === 254 && r.prefix.address.family === 4);
      expect(real.stdout.trim().split('\n').length, host).toBe(wanted.length);
    }
  });
});
