import type { Result } from '../../../ip/index.ts';
import { fixCommands, fixJson, fixText } from '../../../render/index.ts';
import { EXIT, leave, note, say, textOptions, type Cli } from '../context.ts';
import { askOnce, type Diagnosed, type QuestionFlags } from '../diagnosed.ts';
import { stopsAt, usageFault } from '../report.ts';

interface Flags extends QuestionFlags {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly write?: string;
}

/** `waymark fix FROM TO`: what to type on which box. Exit 0 when nothing is wrong, 1 when there is something to mend. */
export async function fix(this: Cli, flags: Flags, from: string, to: string): Promise<void> {
  const asked = await askOnce(this, flags, from, to);
  if (!asked) return;
  const { network, trip, findings } = asked;
  if (flags.write !== undefined && !(await writeFiles(this, flags.write, asked))) return;
  const options = { ...textOptions(this, flags), all: flags.all ?? false };
  say(
    this,
    flags.json ? JSON.stringify(fixJson(network, trip, findings), null, 2) : fixText(network, trip, findings, options),
  );
  leave(this, trip.verdict === 'answered' ? EXIT.ok : EXIT.no);
}

/** The best fix as a script for each box: `DIR/HOST.sh` and its undo. False when something was wrong. */
async function writeFiles(cli: Cli, dir: string, { network, findings }: Diagnosed): Promise<boolean> {
  const best = findings[0]?.fixes[0];
  if (!best) {
    note(cli, `there is nothing to write into ${dir}`);
    return true;
  }
  const files = Object.entries(fixCommands(network, best)).flatMap(([host, commands]) => [
    { path: `${dir}/${fileNameOf(host)}.sh`, text: scriptOf([...commands.apply, ...commands.persist]) },
    { path: `${dir}/${fileNameOf(host)}.undo.sh`, text: scriptOf(commands.undo) },
  ]);
  for (const { path } of files) {
    if (!(await cli.machine.exists(path))) continue;
    stopsAt(cli, [usageFault('output-exists', `${path} is there already`, 'name another folder, or remove it first')]);
    return false;
  }
  const failed = await writeAll(cli, dir, files);
  if (failed && !failed.ok) {
    stopsAt(cli, [usageFault(failed.code, failed.message, failed.hint)]);
    return false;
  }
  note(cli, files.map((f) => `wrote ${f.path}`).join('\n'));
  return true;
}

interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** Writes the files, or leaves none of them. Gives the first failure. */
async function writeAll(cli: Cli, dir: string, files: readonly NewFile[]): Promise<Result<null> | undefined> {
  const made = await cli.machine.mkdir(dir);
  if (!made.ok) return made;
  const written = await Promise.all(files.map((f) => cli.machine.writeFile(f.path, f.text, 0o644)));
  const failed = written.find((r) => !r.ok);
  if (failed) await Promise.all(files.map((f) => cli.machine.remove(f.path)));
  return failed;
}

/** A host says its own name: it must not lead out of the folder. */
const fileNameOf = (host: string): string => host.replace(/[^\p{L}\p{N}._-]/gu, '_').replace(/^\./, '_');

const scriptOf = (lines: readonly string[]): string => `#!/bin/sh\nset -eu\n${lines.join('\n')}\n`;
