import { expect, it } from 'vitest';
import { diagnose, type FixKind } from '../../src/diagnose/index.ts';
import { parseKeepalivedConf } from '../../src/dialect/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { fixCommands } from '../../src/render/index.ts';
import { roundTrip } from '../../src/trace/index.ts';
import { readScenarios } from '../scenario/read-scenario.ts';

/** What the first fix, or the first of a kind, types on a host, and what takes it back. */
function typed(
  name: string,
  host: string,
  kind?: FixKind,
  target = 'www',
): { apply: readonly string[]; undo: readonly string[] } {
  const { network } = readScenarios().find((s) => s.name === name)!;
  const question = askFor(network, 'visitor', target, { protocol: 'tcp', port: 80 });
  if (!question.ok) throw new Error(question.message);
  const [finding] = diagnose(network, question.value, roundTrip(network, question.value));
  const fix = finding!.fixes.find((f) => kind === undefined || f.kind === kind)!;
  const { apply, undo } = fixCommands(network, fix)[host]!;
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
  expect(typed('real-server-no-return', 'page', 'default-gateway')).toEqual({
    apply: [
      'ip route del default via 10.10.10.1 dev eth0 proto boot',
      'ip route add default via 10.10.10.254 dev eth0',
    ],
    undo: ['ip route del default via 10.10.10.254 dev eth0 proto boot', 'ip route add default via 10.10.10.1 dev eth0'],
  });
});

it("a page server that keeps its gateway sends only the page's answers to the director", () => {
  expect(typed('real-server-no-return', 'page')).toEqual({
    apply: [
      'ip rule add from 10.10.10.5 ipproto tcp sport 80 lookup 200 priority 32765',
      'ip route add default via 10.10.10.254 dev eth0 table 200',
    ],
    undo: [
      'ip route del default via 10.10.10.254 dev eth0 table 200 proto boot',
      'ip rule del from 10.10.10.5 ipproto tcp sport 80 lookup 200 priority 32765',
    ],
  });
});

it('marked packets that are sent on are taken in by a rule', () => {
  expect(typed('mark-sent-on', 'www', undefined, 'site').apply).toEqual([
    'ip rule add from all fwmark 0x7d0 lookup 200 priority 32765',
    'ip route add local default dev lo table 200',
  ]);
});

it('a virtual server for another number goes into keepalived.conf, which Keepalived takes', () => {
  const { apply, undo } = typed('mark-other-number', 'www');
  const text = apply.slice(1, apply.indexOf('EOF')).join('\n');
  expect(parseKeepalivedConf(text, 'new').diagnostics).toEqual([]);
  expect(parseKeepalivedConf(text, 'new').value.map((s) => [s.match, s.realServers.length])).toEqual([
    [{ kind: 'mark', mark: 2001 }, 1],
  ]);
  expect(apply.at(-1)).toBe('keepalived -t && systemctl reload keepalived');
  expect(undo[0]).toMatch(/^# take the block 'virtual_server fwmark 2001' out of/);
});

it('a virtual server that ipvsadm made gets an IPv6 one by ipvsadm', () => {
  expect(typed('mark-ipv6', 'www').apply).toEqual([
    'ipvsadm -A -f 2000 -6 -s wlc',
    'ipvsadm -a -f 2000 -6 -r [fd00:10::5]:0 -m -w 1',
  ]);
});

it('a real server whose check passes again comes back by itself', () => {
  expect(typed('no-real-server-check', 'www').apply).toEqual([
    '# Keepalived puts 10.10.10.5 back by itself as soon as its check passes',
  ]);
});
