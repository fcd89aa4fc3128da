import { parseAddress, type Diagnostic, type Parsed } from '../../ip/index.ts';
import type { Neighbour } from '../../model/index.ts';
import { aboutRecord, readJsonList, textOf, wordsOf } from './json-list.ts';
import { interfaceName, linkAddress } from './names.ts';

const STATES = ['permanent', 'reachable', 'stale', 'failed', 'incomplete'] as const;

/**
 * The neighbour table of `ip -j neigh show`, both families, in its order. A fact's text is the entry as `ip neigh` prints it.
 * Codes: `json-invalid`, `input-cut-off`; as a warning `fact-unreadable` (left out).
 */
export function parseNeighbours(text: string, source: string): Parsed<readonly Neighbour[]> {
  const list = readJsonList(text, source);
  const diagnostics: Diagnostic[] = [...list.diagnostics];
  const value: Neighbour[] = [];
  for (const record of list.value) {
    const address = parseAddress(textOf(record, 'dst') ?? '');
    const dev = interfaceName(textOf(record, 'dev') ?? '');
    if (!address.ok || !dev.ok) {
      diagnostics.push(
        aboutRecord(source, record, 'fact-unreadable', address.ok ? 'this entry has no interface' : address.message),
      );
      continue;
    }
    const mac = linkAddress(textOf(record, 'lladdr'));
    const states = wordsOf(record, 'state');
    const words = [textOf(record, 'dst')!, 'dev', dev.value, ...(mac === undefined ? [] : ['lladdr', mac]), ...states];
    value.push({
      address: address.value,
      dev: dev.value,
      state: STATES.find((state) => states.includes(state.toUpperCase())) ?? 'other',
      ...(mac !== undefined && { mac }),
      fact: { source, line: 0, text: words.join(' ') },
    });
  }
  return { value, diagnostics };
}
