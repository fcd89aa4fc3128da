import { lastAddress, type Address, type NumberRange } from '../../ip/index.ts';
import type { NatTarget, Statement, Value } from '../../model/index.ts';
import { field, listOf, textField, type Json } from './json.ts';
import type { KeyType } from './data-type.ts';
import { readElement } from './read-element.ts';
import { readValue } from './read-value.ts';
import type { Scope } from './scope.ts';

/** Reads the body of `{"snat": …}` and `{"dnat": …}`; null when it is not modelled. */
export function readNat(kind: 'snat' | 'dnat', body: Json, scope: Scope): readonly Statement[] | null {
  const ports = readPorts(body, scope);
  const address = readAddress(body, scope);
  if (!ports || !address) return null;
  const to: NatTarget = { ...address, ...ports };
  if (Object.keys(to).length === 0) return null;
  return [...familyOfMap(to, body), { kind, to }, ...flagsOf(body)];
}

/** In an `inet` table the statement says for which family its map is; packets of the other one pass it by. */
function familyOfMap(to: NatTarget, body: Json): readonly Statement[] {
  const family = textField(body, 'family');
  const isMap = to.addressAndPort !== undefined || to.address?.kind === 'lookup';
  if (!isMap || (family !== 'ip' && family !== 'ip6')) return [];
  return [
    {
      kind: 'match',
      left: { kind: 'meta', key: 'nfproto' },
      op: '==',
      right: { kind: 'number', number: family === 'ip' ? 2 : 10 },
    },
  ];
}

/** Reads the body of `{"masquerade": …}` and `{"redirect": …}`; null when it is not modelled. */
export function readPortNat(kind: 'masquerade' | 'redirect', body: Json, scope: Scope): readonly Statement[] | null {
  const ports = readPorts(body, scope);
  return ports && [{ kind, ...ports }, ...flagsOf(body)];
}

/** How one of several is chosen (`random`, `persistent`) decides nothing here; it stands behind, as in the text. */
function flagsOf(body: Json): readonly Statement[] {
  const flags = listOf(field(body, 'flags'))
    .filter((f) => typeof f === 'string')
    .filter((f) => f !== 'netmap');
  return flags.length === 0 ? [] : [{ kind: 'ignored', text: flags.join(',') }];
}

interface Ports {
  readonly port?: Value;
  readonly portRange?: NumberRange;
}

function readPorts(body: Json, scope: Scope): Ports | null {
  const json = field(body, 'port');
  if (json === undefined) return {};
  const element = readElement('inet_service', json);
  if (element?.kind === 'number') return { port: element };
  if (element?.kind === 'number-range') return { portRange: { from: element.from, to: element.to } };
  const value = readValue(json, scope, 'inet_service');
  return value && { port: value.value };
}

function readAddress(body: Json, scope: Scope): Omit<NatTarget, 'port' | 'portRange'> | null {
  const json = field(body, 'addr');
  const isNetmap = listOf(field(body, 'flags')).includes('netmap') || textField(body, 'type_flags') === 'prefix';
  if (json === undefined) return {};
  const element = readElement('address', json);
  if (element?.kind === 'prefix') {
    if (isNetmap) return { netmap: element.prefix };
    return { addressRange: { from: element.prefix.address, to: lastAddress(element.prefix) } };
  }
  if (isNetmap) return null;
  if (element?.kind === 'address-range') return { addressRange: rangeOf(element) };
  if (element?.kind === 'address') return { address: element };
  return readMapped(json, scope);
}

const rangeOf = ({ from, to }: { from: Address; to: Address }): { from: Address; to: Address } => ({ from, to });

const ADDRESS_AND_PORT: KeyType = ['address', 'inet_service'];

/** A map by name says itself whether it gives a port too; one in the rule is tried both ways. */
function readMapped(json: Json, scope: Scope): Omit<NatTarget, 'port' | 'portRange'> | null {
  const alone = readValue(json, scope, 'address');
  if (alone) return typeof alone.type === 'string' ? { address: alone.value } : { addressAndPort: alone.value };
  const both = readValue(json, scope, ADDRESS_AND_PORT);
  return both && { addressAndPort: both.value };
}
