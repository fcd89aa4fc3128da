/** `\d` and the like, as JavaScript writes them too. */
export type Shorthand = 'd' | 'D' | 'w' | 'W' | 's' | 'S';

/** What a class of characters holds. */
export type ClassItem = { readonly from: number; readonly to: number } | { readonly set: Shorthand };

/** How often, and what is tried first; `possessive` gives nothing back. */
export interface Times {
  readonly min: number;
  /** `Infinity` when there is no end. */
  readonly max: number;
  readonly kind: 'greedy' | 'lazy' | 'possessive';
}

/** A pattern of Python's `re` as a tree. `caseless`: upper and lower case are the same there. */
export type PythonNode =
  | { readonly is: 'char'; readonly code: number; readonly caseless: boolean }
  | { readonly is: 'any'; readonly withLineFeed: boolean }
  | {
      readonly is: 'class';
      readonly negated: boolean;
      readonly items: readonly ClassItem[];
      readonly caseless: boolean;
    }
  | { readonly is: 'start' | 'end'; readonly ofLine: boolean }
  | { readonly is: 'very-end' | 'word-edge' | 'no-word-edge' }
  /** `index` counts as Python counts groups. */
  | { readonly is: 'capture'; readonly index: number; readonly name: string | null; readonly inner: PythonNode }
  | { readonly is: 'sequence'; readonly items: readonly PythonNode[] }
  | { readonly is: 'choice'; readonly options: readonly PythonNode[] }
  | { readonly is: 'look'; readonly sign: '?=' | '?!' | '?<=' | '?<!'; readonly inner: PythonNode }
  | { readonly is: 'repeat'; readonly inner: PythonNode; readonly times: Times }
  | { readonly is: 'atomic'; readonly inner: PythonNode }
  | { readonly is: 'again'; readonly index: number; readonly caseless: boolean }
  | { readonly is: 'conditional'; readonly index: number; readonly yes: PythonNode; readonly no: PythonNode };

/** Matches nothing, anywhere. */
export const EMPTY: PythonNode = { is: 'sequence', items: [] };

/** The parts of a node, in the order in which they are written. */
export function partsOf(node: PythonNode): readonly PythonNode[] {
  switch (node.is) {
    case 'sequence':
      return node.items;
    case 'choice':
      return node.options;
    case 'capture':
    case 'look':
    case 'repeat':
    case 'atomic':
      return [node.inner];
    case 'conditional':
      return [node.yes, node.no];
    default:
      return [];
  }
}

/** The same node with each part replaced. */
export function withParts(node: PythonNode, change: (part: PythonNode) => PythonNode): PythonNode {
  switch (node.is) {
    case 'sequence':
      return { ...node, items: node.items.map(change) };
    case 'choice':
      return { ...node, options: node.options.map(change) };
    case 'capture':
    case 'look':
    case 'repeat':
    case 'atomic':
      return { ...node, inner: change(node.inner) };
    case 'conditional':
      return { ...node, yes: change(node.yes), no: change(node.no) };
    default:
      return node;
  }
}

/** Whether a node or something in it is like that. */
export const holds = (node: PythonNode, is: (node: PythonNode) => boolean): boolean =>
  is(node) || partsOf(node).some((part) => holds(part, is));
