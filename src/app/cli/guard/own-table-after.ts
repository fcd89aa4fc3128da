import { randomBytes } from 'node:crypto';
import { parseNftJson } from '../../../dialect/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { FilterTable } from '../../../model/index.ts';

const LISTING = ['list', 'table', 'inet', 'waymark'] as const;

/**
 * The guard's nft table as it would be after some commands: the kernel itself says so, in a network namespace of its own that
 * is gone afterwards, with a copy of the table. None where there is no such table, or no namespace can be made.
 */
export async function ownTableAfter(machine: Machine, commands: string): Promise<readonly FilterTable[]> {
  const own = await machine.run(['nft', ...LISTING]);
  if (own.code !== 0) return [];
  const name = `waymark-${randomBytes(4).toString('hex')}`;
  const inside = (argv: readonly string[]): readonly string[] => ['ip', 'netns', 'exec', name, ...argv];
  if ((await machine.run(['ip', 'netns', 'add', name])).code !== 0) return [];
  try {
    const changed = await machine.run(inside(['nft', '-f', '-']), { stdin: `${readable(own.stdout)}\n${commands}` });
    if (changed.code !== 0) return [];
    const listed = await machine.run(inside(['nft', '-j', ...LISTING]));
    return listed.code === 0 ? parseNftJson(listed.stdout, 'nft -j list ruleset').value : [];
  } finally {
    await machine.run(['ip', 'netns', 'del', name]);
  }
}

/** nft 1.0.6 lists the port of `ct original proto-dst` in a way that it does not read: `0x50 [invalid type]`. */
const readable = (listing: string): string =>
  listing.replace(/0x([0-9a-f]+) \[invalid type\]/g, (_, digits: string) => String(parseInt(digits, 16)));
