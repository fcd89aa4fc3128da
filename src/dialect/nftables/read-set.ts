import type { NamedSet } from '../../model/index.ts';
import type { KeyType } from './data-type.ts';
import { field, isList, listOf, textField, type Json, type JsonObject } from './json.ts';
import { word } from './print-value.ts';
import { readEntries } from './read-element.ts';
import { readValue } from './read-value.ts';
import type { Scope, SetTypes } from './scope.ts';

/** The data types of a named set or map. */
export function readSetTypes(json: JsonObject, scope: Scope): SetTypes {
  return {
    key: readType(field(json, 'type'), scope),
    value: field(json, 'map') === undefined ? null : readType(field(json, 'map'), scope),
  };
}

/** `"ipv4_addr"`, a list of them, `"ipv4_addr . inet_service"`; newer nft also `{"typeof": expression}`. */
function readType(json: Json | undefined, scope: Scope): KeyType {
  if (typeof json === 'string') return json.includes(' . ') ? json.split(' . ') : json;
  if (isList(json)) return json.map((part) => (typeof part === 'string' ? part : 'unknown'));
  return readValue(field(json, 'typeof'), scope)?.type ?? 'unknown';
}

/** A named set or map, and how many of its elements were not understood. What holds such elements counts as uncertain. */
export function readSet(
  name: string,
  json: JsonObject,
  types: SetTypes,
  scope: Scope,
  source: string,
): { readonly set: NamedSet; readonly unread: number } {
  const { entries, unread } = readEntries(types.key, types.value, listOf(field(json, 'elem')));
  const isDynamic = scope.dynamic.has(name) || listOf(field(json, 'flags')).includes('dynamic');
  const fact = { source, line: 0, text: setText(name, types, textField(json, 'comment')) };
  return { set: { name, entries, dynamic: isDynamic || unread > 0, fact }, unread };
}

function setText(name: string, types: SetTypes, comment: string | undefined): string {
  const type = [types.key, types.value]
    .filter((t) => t !== null)
    .map((t) => (typeof t === 'string' ? t : t.join(' . ')));
  const about = comment === undefined ? '' : ` comment "${comment.slice(0, 128)}";`;
  return `${types.value === null ? 'set' : 'map'} ${word(name)} { type ${type.join(' : ')};${about} }`;
}
