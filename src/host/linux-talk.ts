import { spawn } from 'node:child_process';
import { environmentFor } from './linux-run.ts';
import type { RunOptions, Talk } from './machine.ts';

/** See `Machine.talk`. Its input ends when we do, whatever ends us. */
export function startTalk(argv: readonly string[], options: Pick<RunOptions, 'cwd' | 'env'> = {}): Talk {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('bug: empty command');
  const child = spawn(program, args, {
    env: environmentFor(options),
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let said = '';
  let isOver = false;
  /** Told whenever something was said, or all is over. */
  let look: () => void = () => undefined;
  const end = (): void => {
    isOver = true;
    look();
  };
  child.once('error', end);
  child.once('close', end);
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    look();
  });
  const stop = (): void => void child.kill('SIGKILL');
  const tell: Talk['tell'] = async (line, last, timeoutMs) => {
    said = '';
    child.stdin.write(`${line}\n`);
    const timer = setTimeout(stop, timeoutMs);
    const before = await new Promise<string | null>((done) => {
      look = () => {
        const at = `\n${said}`.indexOf(`\n${last}\n`);
        if (at >= 0) done(said.slice(0, at));
        else if (isOver) done(null);
      };
      look();
    });
    clearTimeout(timer);
    look = () => undefined;
    return before;
  };
  return { pid: child.pid ?? 0, tell, stop };
}
