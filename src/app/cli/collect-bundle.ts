import type { Diagnostic, Parsed } from '../../ip/index.ts';
import { collectScript } from '../../facts/index.ts';
import type { Machine, RunResult } from '../../host/index.ts';
import { usageFault } from './report.ts';

/** Whose facts are collected. */
export type Source =
  | { readonly kind: 'here' }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'ssh'; readonly target: string; readonly port: string | null };

const TIME_LIMIT_MS = 60_000;

/** How the collector is started for a source: always the same script, on standard input of `sh -s`. */
export function collectorCommand(source: Source): readonly string[] {
  switch (source.kind) {
    case 'here':
      return ['sh', '-s'];
    case 'namespace':
      return ['ip', 'netns', 'exec', source.name, 'sh', '-s'];
    case 'ssh':
      return ['ssh', ...(source.port === null ? [] : ['-p', source.port]), '--', source.target, 'sh -s'];
  }
}

/**
 * Runs the collector and gives the bundle's text. Codes: `component-missing`, `command-timeout`, `command-failed`,
 * `input-cut-off`.
 */
export async function collectBundle(machine: Machine, source: Source): Promise<Parsed<string>> {
  const argv = collectorCommand(source);
  const result = await machine.run(argv, { stdin: collectScript(), timeoutMs: TIME_LIMIT_MS });
  const isWhole = /^=== end$/m.test(result.stdout);
  return { value: result.stdout, diagnostics: isWhole ? [] : [faultOf(argv, result)] };
}

function faultOf(argv: readonly string[], result: RunResult): Diagnostic {
  // of ssh the words that one would type to try it
  const words = argv[0] === 'ssh' ? argv.slice(0, -1).filter((word) => word !== '--') : argv.slice(0, 4);
  const command = words.join(' ');
  if (result.timedOut)
    return usageFault('command-timeout', `${command} took longer than ${TIME_LIMIT_MS / 1000} seconds`);
  if (result.code === 127) {
    const brings = argv[0] === 'ip' ? 'iproute2' : argv[0] === 'ssh' ? 'openssh-client' : 'dash';
    return usageFault('component-missing', `there is no ${argv[0]!} on this machine`, `apt-get install ${brings}`);
  }
  const said = result.stderr.trim().split('\n').slice(-2).join('; ');
  if (result.code === 0) return usageFault('input-cut-off', `${command}: the facts break off before their end`);
  // ssh(1): 255 when ssh itself failed
  const hint = argv[0] === 'ssh' && result.code === 255 ? `connect by hand first: ${command}` : undefined;
  const ended = `${command} ended with ${result.code ?? result.signal ?? '?'}`;
  return usageFault('command-failed', `${ended}${said ? `: ${said}` : ''}`, hint);
}

/** The namespaces of this machine, in order of name. */
export async function namespaces(machine: Machine): Promise<Parsed<readonly string[]>> {
  const result = await machine.run(['ip', '-j', 'netns', 'list']);
  if (result.code !== 0) return { value: [], diagnostics: [faultOf(['ip', 'netns', 'list'], result)] };
  const names = [...result.stdout.matchAll(/"name"\s*:\s*"([^"]+)"/g)].map((m) => m[1]!);
  return { value: names.sort(), diagnostics: [] };
}

/** Reads `ssh://user@host:port`. Code: `usage`. */
export function parseSshTarget(text: string): Parsed<Source | null> {
  const match =
    /^ssh:\/\/((?:[A-Za-z0-9._-]+@)?(?:[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9a-fA-F:]+\]))(?::(\d{1,5}))?\/?$/.exec(text);
  if (!match || match[1]!.startsWith('-')) {
    return {
      value: null,
      diagnostics: [
        usageFault('usage', `'${text}' is no ssh address`, 'write ssh://user@host or ssh://user@host:2222'),
      ],
    };
  }
  return { value: { kind: 'ssh', target: match[1]!.replace(/[[\]]/g, ''), port: match[2] ?? null }, diagnostics: [] };
}
