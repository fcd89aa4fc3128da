import { collectScript } from '../../../facts/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { collectBundle, namespaces, parseSshTarget, type Source } from '../collect-bundle.ts';
import { note, say, type Cli } from '../context.ts';
import { stopsAt, usageFault } from '../report.ts';

interface Flags {
  readonly script?: boolean;
  readonly netns?: boolean;
  readonly output?: string;
}

/** `waymark collect`: the facts of this machine, of its namespaces, or of machines reached by ssh, as bundles. */
export async function collect(this: Cli, flags: Flags, ...targets: string[]): Promise<void> {
  if (flags.script) {
    await put(this, flags.output, collectScript());
    return;
  }
  const sources = await sourcesOf(this, flags, targets);
  if (!sources) return;
  const bundles: string[] = [];
  const faults: Diagnostic[] = [];
  for (const source of sources) {
    if (sources.length > 1) note(this, `collecting ${nameOf(source)} (${bundles.length + 1} of ${sources.length})`);
    const bundle = await collectBundle(this.machine, source);
    faults.push(...bundle.diagnostics);
    if (bundle.diagnostics.length === 0) bundles.push(bundle.value);
  }
  if (bundles.length > 0) await put(this, flags.output, bundles.join(''));
  stopsAt(this, faults);
}

const nameOf = (source: Source): string =>
  source.kind === 'here' ? 'this machine' : source.kind === 'namespace' ? `namespace ${source.name}` : source.target;

async function sourcesOf(cli: Cli, flags: Flags, targets: readonly string[]): Promise<readonly Source[] | null> {
  if (flags.netns) {
    const names = await namespaces(cli.machine);
    if (stopsAt(cli, names.diagnostics)) return null;
    if (names.value.length > 0) return names.value.map((name) => ({ kind: 'namespace', name }));
    stopsAt(cli, [usageFault('usage', 'this machine has no named network namespaces', '`ip netns list` shows them')]);
    return null;
  }
  if (targets.length === 0) return [{ kind: 'here' }];
  const parsed = targets.map(parseSshTarget);
  if (
    stopsAt(
      cli,
      parsed.flatMap((p) => p.diagnostics),
    )
  )
    return null;
  return parsed.map((p) => p.value!);
}

async function put(cli: Cli, file: string | undefined, text: string): Promise<void> {
  if (file === undefined) {
    say(cli, text);
    return;
  }
  if (await cli.machine.exists(file)) {
    stopsAt(cli, [usageFault('output-exists', `${file} is there already`, 'name another file, or remove it first')]);
    return;
  }
  // facts tell much about a machine, so only their owner may read them
  const written = await cli.machine.writeFile(file, text, 0o600);
  if (!written.ok) stopsAt(cli, [usageFault(written.code, written.message, written.hint)]);
}
