import { parseReference, parseTarget } from '../../../guard/index.ts';
import type { Diagnostic, Prefix } from '../../../ip/index.ts';

/** Whom somebody means: by address or prefix, or by the reference that the page shows. */
export type Whom =
  { readonly kind: 'prefix'; readonly prefix: Prefix } | { readonly kind: 'reference'; readonly reference: string };

/** What is no address, and can't be meant as one. */
const NO_ADDRESS = /^[^.:/]+$/;

/**
 * Reads an address, a prefix or a reference: one of Waymark's as it is heard on the phone, or any other word as it is. The
 * errors are those of `parseTarget`.
 */
export function whomOf(text: string): { readonly whom: Whom | null; readonly faults: readonly Diagnostic[] } {
  const reference = parseReference(text);
  if (reference.ok) return { whom: { kind: 'reference', reference: reference.value }, faults: [] };
  const target = parseTarget(text);
  if (target.value) return { whom: { kind: 'prefix', prefix: target.value }, faults: target.diagnostics };
  if (NO_ADDRESS.test(text) && /\D/.test(text)) return { whom: { kind: 'reference', reference: text }, faults: [] };
  return { whom: null, faults: target.diagnostics };
}
