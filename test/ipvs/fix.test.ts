import { expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { fixCommands } from '../../src/render/index.ts';
import { roundTrip } from '../../src/trace/index.ts';
import { readScenarios } from '../scenario/read-scenario.ts';

/** What the first fix types on a host, and what takes it back. */
function typed(name: string, host: string): { apply: readonly string[]; undo: readonly string[] } {
  const { network } = readScenarios().find((s) => s.name === name)!;
  const question = askFor(network, 'visitor', 'www', { protocol: 'tcp', port: 80 });
  if (!question.ok) throw new Error(question.message);
  const [finding] = diagnose(network, question.value, roundTrip(network, question.value));
  const { apply, undo } = fixCommands(network, finding!.fixes[0]!)[host]!;
  return { apply, undo };
}

it('a quiesced real server gets its weight back', () => {
  expect(typed('no-real-server', 'www')).toEqual({
    apply: ['ipvsadm -e -f 2000 -r 10.10.10.5:0 -m -w 1'],
    undo: ['ipvsadm -e -f 2000 -r 10.10.10.5:0 -m -w 0'],
  });
});

it('a virtual server of keepalived.conf comes by Keepalived', () => {
  expect(typed('no-virtual-server', 'www')).toEqual({
    apply: ['systemctl start keepalived'],
    undo: ['systemctl stop keepalived'],
  });
});

it('a page server gets the director as its default gateway', () => {
  expect(typed('real-server-no-return', 'page')).toEqual({
    apply: [
      'ip route del default via 10.10.10.1 dev eth0 proto boot',
      'ip route add default via 10.10.10.254 dev eth0',
    ],
    undo: ['ip route del default via 10.10.10.254 dev eth0 proto boot', 'ip route add default via 10.10.10.1 dev eth0'],
  });
});
