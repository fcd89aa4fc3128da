import { basename, dirname } from 'node:path/posix';
import type { Machine } from '../../../../host/index.ts';
import type { LogTaker } from './log-taker.ts';

/** Reads the rotated files of a log, the oldest first; those that are packed are unpacked. */
export async function readBacklog(machine: Machine, file: string, to: LogTaker, isOver: () => boolean): Promise<void> {
  const names = await machine.list(dirname(file));
  if (!names.ok) return;
  for (const name of rotatedOf(basename(file), names.value)) {
    if (isOver()) return;
    const read = await machine.readBlocks(`${dirname(file)}/${name}`, (block) =>
      isOver() ? undefined : to.take(block, null),
    );
    if (!read.ok) to.fault(read.message);
    await to.cut();
  }
}

/** `access.log.2.gz`, `access.log.1`, or `access.log-20261121.gz`, as logrotate(8) names them: the oldest first. */
export function rotatedOf(log: string, names: readonly string[]): readonly string[] {
  const rotated = names.flatMap((name) => {
    const [, number, date] = name.startsWith(log) ? (ROTATED.exec(name.slice(log.length)) ?? []) : [];
    return number === undefined && date === undefined ? [] : [{ name, number: Number(number ?? 0), date: date ?? '' }];
  });
  return rotated.toSorted((a, b) => b.number - a.number || (a.date < b.date ? -1 : 1)).map((r) => r.name);
}

const ROTATED = /^(?:\.(\d{1,4})|[-.](\d{8}[-\d]*))(?:\.gz)?$/;
