import { resolve } from 'node:path';
import { compileFilter, FilterTest, readFilter, readNameWithOptions } from '../../../guard/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { filterTestJson, filterTestText } from '../../../render/index.ts';
import { say, type Cli } from '../context.ts';
import { FAIL2BAN_FOLDER, fail2banFiles } from '../guard/fail2ban-files.ts';
import { stopsAt, usageFault } from '../report.ts';

/** What `--filter` is told with. */
export interface FilterFlags {
  readonly filter: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** `waymark guard test --filter FILTER LOG…`: what a filter of fail2ban finds; exit 0 whatever that is. */
export async function testFilter(cli: Cli, flags: FilterFlags, logs: readonly string[]): Promise<void> {
  const { machine } = cli;
  const name = readNameWithOptions(flags.filter);
  if (!name.ok) return void stopsAt(cli, [usageFault(name.code, `--filter: ${name.message}`)]);
  const files = await fail2banFiles(machine, resolve(flags.config ?? FAIL2BAN_FOLDER));
  if (stopsAt(cli, files.diagnostics)) return;
  const read = readFilter(files.value, name.value);
  const compiled = read.value && compileFilter(read.value, machine.now().getTime());
  if (stopsAt(cli, [...read.diagnostics, ...(compiled?.diagnostics ?? [])]) || !compiled) return;
  const run = new FilterTest(compiled.value, () => machine.now().getTime());
  for (const log of logs) {
    const blocks = await machine.readBlocks(log, (block) => run.push(block));
    if (stopsAt(cli, blocks.ok ? [] : [{ severity: 'error', ...blocks }])) return;
    run.end();
  }
  stopsAt(cli, slowFaults(run));
  say(cli, flags.json ? JSON.stringify(filterTestJson(run), null, 2) : filterTestText(run));
}

const slowFaults = ({ slow, filter }: FilterTest): readonly Diagnostic[] =>
  slow.map(({ pattern, line }) => ({
    code: 'pattern-slow',
    severity: 'warning',
    message: `filter ${pattern}: switched off, it took too long for ${JSON.stringify(line.slice(0, 60))}`,
    hint: `whoever writes such lines could stop fail2ban ${filter.definition.name}: look for a newer version of the filter`,
  }));
