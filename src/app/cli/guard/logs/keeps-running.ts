import type { Followed, Machine, Reading } from '../../../../host/index.ts';

/** So long it waits before a program that ended is started again, in milliseconds. */
const AGAIN_MS = 1000;

/** Starts a program again whenever it ends; says why it ended, the same fault once. */
export function keepsRunning(machine: Machine, start: () => Reading, onFault: (fault: string) => void): Followed {
  let isClosed = false;
  let reading = start();
  const run = async (): Promise<void> => {
    let said = '';
    for (;;) {
      const { code, fault } = await reading.ended;
      if (isClosed) return;
      const why = fault === '' ? `ended with code ${code ?? 'none'}` : fault;
      if (why !== said) onFault(why);
      said = why;
      await machine.sleep(AGAIN_MS);
      if (isClosed) return;
      reading = start();
    }
  };
  const running = run();
  return {
    async close() {
      isClosed = true;
      await reading.close();
      await running;
    },
  };
}
