import { counts, REST, type Decision } from '../decide/decision.ts';
import { ElementBytes } from './element-bytes.ts';
import { setName, setsOf, type BlockSet } from './nft-sets.ts';
import { TABLE } from './nft-text.ts';

/** Elements of one transaction: nft needs some 400 bytes of memory for each, and a process of its own for them together. */
const SLICE = 50_000;

/** Decisions that go to the kernel in one transaction, as nft reads them. */
export interface Slice {
  readonly sets: readonly BlockSet[];
  readonly text: Uint8Array;
  readonly size: number;
}

interface Group {
  readonly sets: readonly BlockSet[];
  readonly elements: ElementBytes;
}

/** Cuts the decisions that count into slices of `most` elements. */
export function* slicesOf(decisions: Iterable<Decision>, now: number, most = SLICE): Generator<Slice> {
  const groups = new Map<number, Group>();
  let size = 0;
  for (const decision of decisions) {
    if (!counts(decision, now)) continue;
    const { elements, sets } = groupOf(groups, decision);
    elements.add(decision.prefix.address, decision.until === null ? null : decision.until - now);
    size += sets.length;
    if (size < most) continue;
    yield sliceOf(groups, size);
    size = 0;
  }
  if (size > 0) yield sliceOf(groups, size);
}

/** Those that are in the same sets. */
function groupOf(groups: Map<number, Group>, { prefix, rest }: Decision): Group {
  const key = (REST.indexOf(rest) * 8 + prefix.address.family) * 256 + prefix.length;
  const known = groups.get(key);
  if (known) return known;
  const group = { sets: setsOf(prefix, rest), elements: new ElementBytes() };
  groups.set(key, group);
  return group;
}

/** Empties the groups. */
function sliceOf(groups: ReadonlyMap<number, Group>, size: number): Slice {
  const filled = [...groups.values()].filter((g) => g.elements.length > 0);
  const parts = filled.flatMap(({ sets, elements }) => {
    const { bytes } = elements;
    elements.clear();
    return sets.flatMap((set) => [Buffer.from(`add element ${TABLE} ${setName(set)} { `), bytes, END]);
  });
  return { sets: filled.flatMap((g) => g.sets), text: Buffer.concat(parts), size };
}

const END = Buffer.from(' }\n');
