import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose/index.ts';
import { forgetRedirects, type Lab, type Probed } from '../../src/lab/index.ts';
import { applyChanges, type Network } from '../../src/model/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { branchNetwork, inLab, machine, pinged, pingOf } from './branch-network.ts';
import { PIECES } from './branch-pieces.ts';

const reason = whyNoLab(['ip', 'nft', 'ping', 'openvpn', 'openssl']);

async function asked(network: Network, lab: Lab, from: string, to: string): Promise<Probed> {
  await forgetRedirects(machine, lab);
  return pinged(network, lab, from, to);
}

describe.skipIf(reason !== null)('a LAN behind an OpenVPN client', () => {
  it('every host reaches every other over real OpenVPN, as the model says', async () => {
    const network = branchNetwork();
    const hosts = [...network.hosts.keys()];
    const pairs = hosts.flatMap((from) => hosts.filter((to) => to !== from).map((to) => [from, to] as const));
    await inLab(network, async (lab) => {
      for (const [from, to] of pairs) {
        const seen = await asked(network, lab, from, to);
        expect(seen.first.kind, `${from} -> ${to}`).toBe('answered');
      }
    });
    expect(pairs).toHaveLength(72);
  }, 60_000);

  it.each(PIECES)(
    'without $name: $cause',
    async (piece) => {
      const { from, to, cause } = piece;
      const network = branchNetwork(piece);
      const { question, trip } = pingOf(network, from, to);
      const findings = diagnose(network, question, trip);
      expect(findings.map((f) => `${f.cause} at ${f.host}`)).toEqual([cause]);
      await inLab(network, async (lab) =>
        expect((await asked(network, lab, from, to)).first.kind).not.toBe('answered'),
      );
      const fixed = applyChanges(network, findings[0]!.fixes[0]!.changes);
      await inLab(fixed, async (lab) => {
        expect((await asked(fixed, lab, from, to)).first.kind).toBe('answered');
        const back = await asked(fixed, lab, to, from);
        // a firewall is opened for those who asked
        expect(back.first.kind).toBe(cause.startsWith('forward-drop') ? 'timeout' : 'answered');
      });
    },
    60_000,
  );
});
