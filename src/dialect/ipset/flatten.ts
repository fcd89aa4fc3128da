import type { Fact } from '../../ip/index.ts';
import type { Entry, NamedSet } from '../../model/index.ts';
import { partsOf } from './dimensions.ts';
import type { SetType } from './member.ts';

/** A set while its lines are read. */
export interface DraftSet {
  readonly name: string;
  readonly type: SetType;
  readonly entries: Entry[];
  /** Names of the sets that a `list:set` holds. */
  readonly lists: string[];
  /** Holds something that is not modelled. */
  uncertain: boolean;
  readonly fact: Fact;
}

/** Called for each set that a list names and that is not there. */
export type OnMissing = (list: DraftSet, name: string) => void;

/** Members that all lists together may copy; a file of lists of big sets must not fill the memory. */
const MOST_COPIES = 2_000_000;

/**
 * The sets as they are used: a `list:set` holds the members of its sets, which the kernel tries in order
 * (ip_set_list_set.c). Lists of lists don't exist. A list is uncertain when a set of it is, when one is not there, when
 * they differ in their dimensions, and when one of several has exceptions.
 */
export function flattenLists(
  drafts: ReadonlyMap<string, DraftSet>,
  onMissing: OnMissing,
): ReadonlyMap<string, NamedSet> {
  const sets = new Map<string, NamedSet>();
  let copies = 0;
  for (const draft of drafts.values()) {
    const held = draft.type.method === 'list' ? heldBy(draft, drafts, onMissing) : [draft];
    const full = held.filter((s) => s.entries.length > 0);
    const size = full.length < 2 ? 0 : full.reduce((sum, s) => sum + s.entries.length, 0);
    const tooBig = copies + size > MOST_COPIES;
    if (!tooBig) copies += size;
    const entries = full.length < 2 ? (full[0]?.entries ?? []) : tooBig ? [] : full.flatMap((s) => s.entries);
    const uncertain = tooBig || draft.uncertain || held.some((s) => s.uncertain) || clash(full);
    sets.set(draft.name, { name: draft.name, entries, dynamic: uncertain, fact: draft.fact });
  }
  return sets;
}

function heldBy(list: DraftSet, drafts: ReadonlyMap<string, DraftSet>, onMissing: OnMissing): readonly DraftSet[] {
  const held: DraftSet[] = [];
  for (const name of new Set(list.lists)) {
    const set = drafts.get(name);
    if (set && set.type.method !== 'list') {
      held.push(set);
      continue;
    }
    onMissing(list, name);
    list.uncertain = true;
  }
  return held;
}

/** Whether one plain membership test can't stand for a test of each. An exception must not hide another set's member. */
function clash(sets: readonly DraftSet[]): boolean {
  if (sets.length < 2) return false;
  const shapes = new Set(sets.map((s) => partsOf(s.entries[0]!.key).join()));
  return shapes.size > 1 || sets.some((s) => s.entries.some((e) => e.except));
}
