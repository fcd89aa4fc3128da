import type { Diagnostic } from '../ip/index.ts';
import type { Machine, RunResult } from '../host/index.ts';

const TIME_LIMIT_MS = 20_000;

/** A step of building that failed. It ends the building; nobody outside sees it thrown. */
export class StepFailed extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Ends the building with what could not be done. */
export function fail(what: string, hint?: string): never {
  throw new StepFailed({
    code: 'lab-failed',
    severity: 'error',
    message: what,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Runs one command of the building; fails with its last words. Code: `lab-failed`, `privilege-missing`. */
export async function step(machine: Machine, argv: readonly string[], stdin = ''): Promise<string> {
  const result = await machine.run(argv, { stdin, timeoutMs: TIME_LIMIT_MS });
  if (result.code !== 0) failWith(argv, result, stdin);
  return result.stdout;
}

function failWith(argv: readonly string[], result: RunResult, stdin: string): never {
  const said = result.stderr.trim().split('\n').slice(0, 4).join('; ');
  const how = result.timedOut ? 'took too long' : `ended with ${result.code ?? result.signal ?? '?'}`;
  const number = /^Command failed -:(\d+)/m.exec(result.stderr)?.[1];
  const line = number === undefined ? undefined : stdin.split('\n')[Number(number) - 1];
  const message = `${argv.slice(0, 6).join(' ')} ${how}: ${said}${line === undefined ? '' : ` (${line})`}`;
  const isForbidden = /not permitted|permission denied/i.test(result.stderr);
  return fail(message, isForbidden ? 'a container needs CAP_SYS_ADMIN and CAP_NET_ADMIN' : undefined);
}
