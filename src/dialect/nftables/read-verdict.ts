import type { Verdict } from '../../model/index.ts';
import { onlyMember, textField, type Json } from './json.ts';

/** Reads `{"accept": null}`, `{"jump": {"target": "chain"}}` and the like. Null when it is no verdict. */
export function readVerdict(json: Json | undefined): Verdict | null {
  const only = onlyMember(json);
  switch (only?.key) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return { kind: only.key };
    case 'jump':
    case 'goto': {
      const chain = textField(only.body, 'target');
      return chain === undefined ? null : { kind: only.key, chain };
    }
    default:
      return null;
  }
}
