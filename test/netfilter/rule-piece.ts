import type { Element, HookName, NamedSet, Statement, Value } from '../../src/model/index.ts';
import type { RandomSource } from './random-source.ts';

/** A piece of a rule as nft reads it and as the model has it. */
export interface Piece {
  readonly text: string;
  readonly statements: readonly Statement[];
}

export const field = (f: Extract<Value, { kind: 'field' }>['field']): Value => ({ kind: 'field', field: f });
export const meta = (key: Extract<Value, { kind: 'meta' }>['key']): Value => ({ kind: 'meta', key });
export const ct = (key: Extract<Value, { kind: 'ct' }>['key']): Value => ({ kind: 'ct', key });
export const num = (number: number): Value => ({ kind: 'number', number });
export const word = (text: string): Value => ({ kind: 'text', text });
export const match = (left: Value, op: '==' | '!=' | '<' | '>' | '<=' | '>=', right: Value): Statement => ({
  kind: 'match',
  left,
  op,
  right,
});
export const member = (left: Value, negated: boolean, elements: readonly Element[]): Statement => ({
  kind: 'member',
  left,
  negated,
  of: { kind: 'inline', entries: elements.map((key) => ({ key })) },
});

/** What the generator knows about the place of a rule. */
export interface Place {
  readonly random: RandomSource;
  readonly family: 4 | 6;
  readonly hook: HookName | null;
  readonly inet: boolean;
  readonly sets: NamedSet[];
}

export const piece = (text: string, ...statements: Statement[]): Piece => ({ text, statements });
