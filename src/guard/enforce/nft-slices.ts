import { counts, type Decision } from '../decide/decision.ts';
import { setName, setsOf, type BlockSet } from './nft-sets.ts';
import { addText, elementText } from './nft-text.ts';

/** Elements of one transaction: nft needs some 400 bytes of memory for each, the kernel holds others up meanwhile. */
const SLICE = 25_000;

/** Decisions that go to the kernel in one transaction, as nft reads them. */
export interface Slice {
  readonly sets: readonly BlockSet[];
  readonly text: string;
  readonly size: number;
}

/** Cuts the decisions that count into slices. */
export function* slicesOf(decisions: Iterable<Decision>, now: number): Generator<Slice> {
  let groups = new Map<string, { set: BlockSet; elements: string[] }>();
  let size = 0;
  const slice = (): Slice => {
    const all = [...groups.values()];
    return { sets: all.map((g) => g.set), text: all.map((g) => addText(g.set, g.elements)).join(''), size };
  };
  for (const decision of decisions) {
    if (!counts(decision, now)) continue;
    const element = elementText(decision, now);
    for (const set of setsOf(decision.prefix, decision.rest)) {
      const name = setName(set);
      const group = groups.get(name) ?? { set, elements: [] };
      groups.set(name, group);
      group.elements.push(element);
      size++;
    }
    if (size < SLICE) continue;
    yield slice();
    groups = new Map();
    size = 0;
  }
  if (size > 0) yield slice();
}
