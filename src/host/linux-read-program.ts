import { spawn } from 'node:child_process';
import { environmentFor } from './linux-run.ts';
import type { Reading } from './machine.ts';

/** So much of what it says about faults is kept, in characters. */
const TAIL = 2000;

/** See `Machine.readProgram`. */
export function readProgram(argv: readonly string[], onBlock: (text: string) => void | Promise<void>): Reading {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('bug: empty command');
  const child = spawn(program, args, { env: environmentFor({}), stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let fault = '';
  let isClosed = false;
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stderr.setEncoding('utf8').on('data', (text: string) => (fault = (fault + text).slice(-TAIL)));
  const over = new Promise<number | null>((done) => {
    child.once('error', (e: NodeJS.ErrnoException) => {
      fault = e.code === 'ENOENT' ? `${program}: not found` : e.message;
      done(e.code === 'ENOENT' ? 127 : 126);
    });
    child.once('close', done);
  });
  const read = async (): Promise<void> => {
    for await (const block of child.stdout as AsyncIterable<Buffer>) {
      if (isClosed) return;
      await onBlock(block.toString('latin1'));
    }
  };
  const ended = Promise.all([over, read()]).then(([code]) => ({ code, fault: fault.trim() }));
  return {
    ended,
    async close() {
      isClosed = true;
      child.kill('SIGTERM');
      await ended;
    },
  };
}
