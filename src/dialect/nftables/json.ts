/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Read with `field`, which never reaches the prototype. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether the value is an object, not null and not an array. */
export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** Whether the value is an array. */
export const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);

/** The member of that name; undefined when there is none or the value is no object. */
export function field(json: Json | undefined, key: string): Json | undefined {
  return isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined;
}

/** The member as text; undefined when it is something else. */
export function textField(json: Json | undefined, key: string): string | undefined {
  const value = field(json, key);
  return typeof value === 'string' ? value : undefined;
}

/** The member as a whole number of at most 53 bits; undefined when it is something else. */
export function numberField(json: Json | undefined, key: string): number | undefined {
  const value = field(json, key);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** The one member of an object such as `{"match": …}`; null when there is not exactly one. */
export function onlyMember(json: Json | undefined): { readonly key: string; readonly body: Json } | null {
  if (!isObject(json)) return null;
  const keys = Object.keys(json);
  return keys.length === 1 ? { key: keys[0]!, body: json[keys[0]!]! } : null;
}

/** A list as it is, anything else as a list of one: nft leaves the brackets out around a single flag. */
export const listOf = (json: Json | undefined): readonly Json[] =>
  json === undefined || json === null ? [] : isList(json) ? json : [json];
