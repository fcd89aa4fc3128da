import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** A network namespace of its own with the real nft in it. */
export interface RealNft {
  /** Empties the ruleset and loads the text; what nft says on standard error, empty when it took it. */
  readonly load: (text: string) => string;
  /** Adds without emptying. */
  readonly run: (args: readonly string[]) => {
    readonly stdout: string;
    readonly stderr: string;
    readonly status: number | null;
  };
  readonly json: () => string;
  readonly close: () => void;
}

/** The real nft in a new namespace, or why it can't be had. */
export function openRealNft(): RealNft | string {
  if (process.getuid?.() !== 0) return 'needs root to make a network namespace';
  if (spawnSync('nft', ['--version']).status !== 0) return 'nft is not installed';
  const name = `wm-${randomBytes(4).toString('hex')}-nft`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.status !== 0) return `no network namespace can be made: ${made.stderr}`;
  const run = (args: readonly string[], input = ''): { stdout: string; stderr: string; status: number | null } =>
    spawnSync('ip', ['netns', 'exec', name, ...args], { encoding: 'utf8', input, maxBuffer: 1 << 28 });
  return {
    load: (text) => run(['nft', '-f', '-'], `flush ruleset\n${text}`).stderr,
    run: (args) => run(args),
    json: () => run(['nft', '-j', 'list', 'ruleset']).stdout,
    close: () => execFileSync('ip', ['netns', 'del', name]),
  };
}
