import { describe, expect, it } from 'vitest';
import { parseRouteWords } from '../dialect/index.ts';
import { fakeMachine, type FakeMachine } from '../host/index.ts';
import { applyChange, Journal, linuxRoutes, type Applied, type NewChange } from './index.ts';

const planned: NewChange = {
  at: 0,
  by: 'me',
  asked: 'add 10.67.0.0/16 via 10.0.0.1',
  boot: 'b',
  files: [],
  confirm: 60,
  before: [],
  after: [parseRouteWords('10.67.0.0/16 via 10.0.0.1 dev eth0 proto 119', { source: 'test', line: 1 }).value!],
};
const TABLE = { '-4': '[]', '-6': '[]' };
const listing = (family: '-4' | '-6'): string => `ip ${family} -j -d -N route show table all`;
const TIMER =
  'systemd-run --quiet --collect --unit=waymark-undo-1 --on-active=60 --timer-property=AccuracySec=100ms --setenv=A=b -- waymark undo 1 --unconfirmed';

/** Applies on a machine whose `ip route add` does nothing. */
async function apply(
  commands: Record<string, string>,
  files: Record<string, string> = {},
): Promise<{ machine: FakeMachine; applied: Applied }> {
  const machine = fakeMachine({
    files,
    commands: { ...commands, [listing('-4')]: TABLE['-4'], [listing('-6')]: TABLE['-6'] },
  });
  const hands = { machine, system: linuxRoutes, journal: new Journal(machine, '/j') };
  return { machine, applied: await applyChange(hands, planned, { self: ['waymark'], environment: { A: 'b' } }) };
}

const SYSTEMD = { '/run/systemd/system/x': '' };
const ran = (machine: FakeMachine): string[] => machine.transcript.map((t) => t.argv.join(' '));

describe('the watchdog', () => {
  it('is a timer of systemd in its own network namespace, set before anything is done', async () => {
    const links = { 'readlink /proc/self/ns/net': 'net:[1]\n', 'readlink /proc/1/ns/net': 'net:[1]\n' };
    const { machine } = await apply({ ...links, [TIMER]: '' }, SYSTEMD);
    const commands = ran(machine);
    expect(commands).toContain(TIMER);
    expect(commands.indexOf(TIMER)).toBeLessThan(commands.findIndex((c) => c.startsWith('ip route add')));
  });

  it('is a program of its own in another namespace, and without systemd', async () => {
    const links = { 'readlink /proc/self/ns/net': 'net:[2]\n', 'readlink /proc/1/ns/net': 'net:[1]\n' };
    for (const files of [SYSTEMD, {}]) {
      const { machine } = await apply(links, { ...files, '/j/1.armed': '' });
      expect(ran(machine)).toContain('waymark undo 1 --unconfirmed --after 60');
    }
  });

  it('that says nothing lets nothing be done', async () => {
    const { machine, applied } = await apply({});
    expect(applied).toMatchObject({ kind: 'untouched', diagnostics: [{ code: 'command-failed' }] });
    expect(ran(machine).some((c) => c.startsWith('ip route add'))).toBe(false);
  });
});

describe('what the table does not show', () => {
  it('is taken back, whatever the command said', async () => {
    const { applied, machine } = await apply(
      { 'ip route add 10.67.0.0/16 via 10.0.0.1 dev eth0 proto 119': '' },
      { '/j/1.armed': '' },
    );
    expect(applied).toMatchObject({ kind: 'back', diagnostics: [{ code: 'table-differs' }] });
    expect((await machine.readFile('/j/1.end')).ok && 'ended').toBe('ended');
  });
});
