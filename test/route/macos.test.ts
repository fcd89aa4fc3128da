import { describe, expect, it } from 'vitest';
import { fakeMachine, type FakeAnswer, type FakeMachine } from '../../src/host/index.ts';
import { runOn, type Outcome } from '../cli/world.ts';

/** A Mac's table as `netstat -rn` prints it, with further rows below. */
const table = (rows: readonly string[]): string =>
  [
    'Routing tables',
    '',
    'Internet:',
    'Destination        Gateway            Flags               Netif Expire',
    'default            192.168.120.1      UGScg                 en0       ',
    '127                127.0.0.1          UCS                   lo0       ',
    '192.168.120        link#5             UCS                   en0      !',
    '192.168.120.1      0:11:22:33:44:55   UHLWIir               en0   1171',
    ...rows,
    '',
    'Internet6:',
    'Destination                             Gateway                         Flags           Netif Expire',
    'default                                 fe80::1%en0                     UGcg              en0       ',
    '::1                                     ::1                             UHL               lo0       ',
    '',
  ].join('\n');

const ROW = '10.67/16           192.168.120.254    UGSc                  en0       ';
const OTHER = '10.67/16           192.168.120.253    UGSc                  en0       ';

/** A Mac whose route(8) does what it should, or only says so. */
function mac(deaf = false): FakeMachine {
  let rows: readonly string[] = [];
  const sets = (to: readonly string[], said: string) => (): FakeAnswer => {
    if (!deaf) rows = to;
    return deaf
      ? { stdout: `${said}: File exists\n`, stderr: 'route: writing to routing socket: File exists\n' }
      : `${said}\n`;
  };
  return fakeMachine({
    commands: {
      'uname -s': 'Darwin\n',
      'sysctl -n kern.boottime': '{ sec = 1795000000, usec = 0 }\n',
      'netstat -rn': () => table(rows),
      'route -n add -net 10.67.0.0/16 192.168.120.254': sets([ROW], 'add net 10.67.0.0/16: gateway 192.168.120.254'),
      'route -n change -net 10.67.0.0/16 192.168.120.253': sets(
        [OTHER],
        'change net 10.67.0.0/16: gateway 192.168.120.253',
      ),
      'route -n change -net 10.67.0.0/16 192.168.120.254': sets(
        [ROW],
        'change net 10.67.0.0/16: gateway 192.168.120.254',
      ),
      'route -n delete -net 10.67.0.0/16 192.168.120.254': sets([], 'delete net 10.67.0.0/16: gateway 192.168.120.254'),
    },
  });
}

const run = (machine: FakeMachine, line: string): Promise<Outcome> => runOn(machine, line.split(' '));

describe('routes on a Mac', () => {
  it('are added, replaced, listed and taken back by its own command', async () => {
    const machine = mac();
    expect(await run(machine, 'route add 10.67.0.0/16 via 192.168.120.254')).toMatchObject({
      code: 0,
      stdout: 'route -n add -net 10.67.0.0/16 192.168.120.254\n',
    });
    expect((await run(machine, 'route list')).stdout).toBe('10.67.0.0/16 via 192.168.120.254 dev en0\n');
    expect(await run(machine, 'route replace 10.67.0.0/16 via 192.168.120.253')).toMatchObject({
      code: 0,
      stdout: 'route -n change -net 10.67.0.0/16 192.168.120.253\n',
    });
    expect(await run(machine, 'undo')).toMatchObject({
      code: 0,
      stdout: 'route -n change -net 10.67.0.0/16 192.168.120.254\n',
    });
    expect(await run(machine, 'undo')).toMatchObject({
      code: 0,
      stdout: 'route -n delete -net 10.67.0.0/16 192.168.120.254\n',
    });
    expect((await run(machine, 'route list')).stdout).toBe('');
  });

  it('are not believed to be there because route(8) ended with 0', async () => {
    const outcome = await run(mac(true), 'route add 10.67.0.0/16 via 192.168.120.254');
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('error[table-differs] the table has nothing where it should have 10.67.0.0/16');
    expect(outcome.stderr).toContain('taken back, as it was before');
  });

  it('are checked first: gateway on a link, the way to a gateway, what moves', async () => {
    expect((await run(mac(), 'route add 10.67.0.0/16 via 10.9.9.9')).stderr).toContain('error[gateway-off-link]');
    expect((await run(mac(), 'route add 10.67.0.0/16 via 192.168.120.254 metric 5')).stderr).toContain(
      'no words for the metric',
    );
    const kept = await run(mac(), 'route add 10.67.0.0/16 via 192.168.120.254 --persist');
    expect([kept.code, kept.stdout]).toEqual([2, '']);
    expect(kept.stderr).toContain('networksetup -setadditionalroutes');
    const dry = await run(mac(), 'route add 10.67.0.0/16 via 192.168.120.254 --dry-run');
    expect(dry.stdout).toBe('route -n add -net 10.67.0.0/16 192.168.120.254\n');
    expect(dry.stderr).toContain('# 10.67.0.0/16: now via 192.168.120.1 dev en0, then via 192.168.120.254 dev en0');
  });
});
