import type { Parsed } from '../../ip/index.ts';
import type { VirtualServer } from '../../model/index.ts';
import { readBlocks } from './blocks.ts';
import { Faults, type Statement } from './faults.ts';
import { readGroup, type Target } from './group.ts';
import type { KeepalivedInclude } from './include.ts';
import { judge } from './judge.ts';
import { TOP } from './keywords.ts';
import { unknown } from './real-server.ts';
import { readVirtualServer } from './virtual-server.ts';

/**
 * The virtual servers of a keepalived.conf, as Keepalived 2.2.7 makes them while every check passes. Codes, all warnings:
 * `keepalived-ignores` (its own words; `keepalived -t` ends with exit code 5), `key-missing`, `name-unknown`, `file-missing`,
 * `input-cut-off`, `line-not-modelled`, `line-limited`.
 */
export function parseKeepalivedConf(
  text: string,
  source: string,
  include?: KeepalivedInclude,
): Parsed<readonly VirtualServer[]> {
  const faults = new Faults(source);
  const statements = readBlocks(text, source, faults, include);
  const named = (name: string): Statement[] => statements.filter((s) => s.words[0]?.text === name);
  const groups = new Map<string, readonly Target[]>(
    named('virtual_server_group').map((s) => [s.words[1]?.text ?? '', readGroup(s, faults)]),
  );
  for (const s of statements) {
    const name = s.words[0]?.text ?? '';
    if (!TOP.has(name) && name !== 'virtual_server' && name !== 'virtual_server_group') faults.note(s, unknown(name));
  }
  const drafts = named('virtual_server').flatMap((s) => readVirtualServer(s, groups, faults) ?? []);
  return { value: drafts.flatMap((d) => judge(d, faults)), diagnostics: faults.all() };
}
