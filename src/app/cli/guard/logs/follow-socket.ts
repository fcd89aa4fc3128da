import { DATAGRAM_SCRIPT, type LogOrigin } from '../../../../guard/index.ts';
import type { Followed, Machine } from '../../../../host/index.ts';
import { keepsRunning } from './keeps-running.ts';
import type { LogTaker } from './log-taker.ts';

/** Listens for datagrams of syslog. Those who send wait, or lose what they send, while the guard does not keep up. */
export function followSocket(
  machine: Machine,
  { socket, group }: Extract<LogOrigin, { kind: 'socket' }>,
  to: LogTaker,
): Followed {
  const argv = ['perl', '-e', DATAGRAM_SCRIPT, socket, ...(group === null ? [] : [group])];
  return keepsRunning(
    machine,
    () => machine.readProgram(argv, (block) => to.take(block, null)),
    (fault) => to.fault(fault),
  );
}
