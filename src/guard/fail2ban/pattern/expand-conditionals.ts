import { EMPTY, holds, partsOf, withParts, type PythonNode } from './python-node.ts';

/** Conditions in one pattern; each may double it. */
const MOST = 8;

type Conditional = Extract<PythonNode, { is: 'conditional' }>;

/**
 * Replaces `(?(group)yes|no)`, which JavaScript lacks, by two ways through the part of the pattern that holds the group and the condition:
 * one in which the group is there, and one in which it is not. Null where that would not be the same: a group in a loop.
 */
export function expandConditionals(pattern: PythonNode): PythonNode | null {
  let node: PythonNode | null = pattern;
  for (let i = 0; i < MOST; i++) {
    const condition: Conditional | null = node && firstIn(node);
    if (node === null || condition === null) return node;
    node = expanded(node, condition);
  }
  return null;
}

function firstIn(node: PythonNode): Conditional | null {
  if (node.is === 'conditional') return node;
  for (const part of partsOf(node)) {
    const found = firstIn(part);
    if (found) return found;
  }
  return null;
}

const isGroup =
  (index: number) =>
  (node: PythonNode): boolean =>
    node.is === 'capture' && node.index === index;

/** The smallest part with both becomes a choice. */
function expanded(node: PythonNode, condition: Conditional): PythonNode | null {
  const hasBoth = (n: PythonNode): boolean => holds(n, (p) => p === condition) && holds(n, isGroup(condition.index));
  const within = partsOf(node).find(hasBoth);
  if (within) {
    const inner = expanded(within, condition);
    return inner && withParts(node, (part) => (part === within ? inner : part));
  }
  const ways = [forced(node, condition.index, true), forced(node, condition.index, false)];
  if (ways.includes('loop')) return null;
  const possible = ways.filter((way): way is PythonNode => way !== null && way !== 'loop');
  return possible.length === 1 ? possible[0]! : { is: 'choice', options: possible };
}

/** The node with the group there or not there; null when that can't be, `loop` when a group may be there more than once. */
function forced(node: PythonNode, index: number, isThere: boolean): PythonNode | null | 'loop' {
  if (node.is === 'conditional' && node.index === index) return isThere ? node.yes : node.no;
  if (isGroup(index)(node)) return isThere ? node : null;
  if (!holds(node, (n) => isGroup(index)(n) || (n.is === 'conditional' && n.index === index))) return node;
  const hasGroup = holds(node, isGroup(index));
  if (node.is === 'repeat' && hasGroup) {
    if (node.times.max > 1) return 'loop';
    if (isThere) return forced(node.inner, index, true);
    return node.times.min === 0 ? EMPTY : forced(node.inner, index, false);
  }
  if (node.is === 'choice' && hasGroup) return forcedChoice(node.options, index, isThere);
  return forcedParts(node, index, isThere);
}

function forcedChoice(options: readonly PythonNode[], index: number, isThere: boolean): PythonNode | null | 'loop' {
  const wanted = isThere ? options.filter((o) => holds(o, isGroup(index))) : options;
  const ways = wanted.map((option) => forced(option, index, isThere));
  if (ways.includes('loop')) return 'loop';
  const possible = ways.filter((way): way is PythonNode => way !== null && way !== 'loop');
  if (possible.length === 0) return null;
  return possible.length === 1 ? possible[0]! : { is: 'choice', options: possible };
}

function forcedParts(node: PythonNode, index: number, isThere: boolean): PythonNode | null | 'loop' {
  let outcome: null | 'loop' | undefined;
  const changed = withParts(node, (part) => {
    const way = forced(part, index, isThere);
    if (way !== null && way !== 'loop') return way;
    outcome = way;
    return part;
  });
  return outcome === undefined ? changed : outcome;
}
