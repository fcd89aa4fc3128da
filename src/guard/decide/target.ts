import {
  bitsOf,
  failure,
  formatAddress,
  formatPrefix,
  isMapped,
  mask32,
  parseAddress,
  parseAddressWithLength,
  parsePrefix,
  prefixOf,
  success,
  unmapped,
  type Diagnostic,
  type Family,
  type Parsed,
  type Prefix,
  type Result,
  type Span,
} from '../../ip/index.ts';

/** Whom to block, as somebody wrote it. */
export interface Target {
  /** An IPv4 address in its IPv6 form (RFC 4291 2.5.5.2) is the IPv4 address. */
  readonly prefix: Prefix;
  /** The zone behind `%` that was left out: what it names differs from machine to machine (RFC 4007). */
  readonly zone?: string;
}

/** The shortest lengths that are blocked without asking. A /19 is about the largest that a provider holds of IPv6. */
export const WIDEST: Readonly<Record<Family, number>> = { 4: 8, 6: 19 };

/** Whether the prefix holds more addresses than the limit lets through. */
export const isTooWide = (prefix: Prefix, widest: Readonly<Record<Family, number>> = WIDEST): boolean =>
  prefix.length < widest[prefix.address.family];

/** The block that one customer holds of IPv6 at least (RFC 6177): what to offer in place of a single address. */
export const CUSTOMER_LENGTH = 64;

/**
 * Reads an address or a prefix as people write them: also in upper case, in brackets, with a zone, in the IPv6 form of
 * an IPv4 address. What could mean two things is refused with a hint. Codes: those of `parsePrefix`.
 */
export function readTarget(text: string): Result<Target> {
  const bare = withoutBrackets(text.trim());
  const percent = bare.indexOf('%');
  const { kept, zone } = percent < 0 ? { kept: bare, zone: undefined } : withoutZone(bare, percent);
  const prefix = kept.includes(':') ? readIpv6(kept) : parsePrefix(kept);
  if (!prefix.ok) return explained(prefix, kept);
  return success(zone === undefined ? { prefix: prefix.value } : { prefix: prefix.value, zone });
}

/**
 * Reads a target that somebody typed; null when it is none. Codes: those of `parsePrefix`, as errors; `zone-ignored`,
 * `address-single` as notes.
 */
export function parseTarget(text: string, source = '-'): Parsed<Prefix | null> {
  const span: Span = { source, line: 1, column: 1, length: Math.max(1, text.length), text };
  const read = readTarget(text);
  if (!read.ok) {
    const { code, message, hint } = read;
    return {
      value: null,
      diagnostics: [{ code, severity: 'error', message, ...(hint === undefined ? {} : { hint }), span }],
    };
  }
  return { value: read.value.prefix, diagnostics: notesOn(read.value, span) };
}

function notesOn({ prefix, zone }: Target, span: Span): Diagnostic[] {
  const notes: Diagnostic[] = [];
  if (zone !== undefined) {
    const message = `the zone '${clip(zone)}' is left out: ${formatAddress(prefix.address)} is blocked on every interface`;
    notes.push({ code: 'zone-ignored', severity: 'note', message, span });
  }
  if (prefix.address.family === 6 && prefix.length > CUSTOMER_LENGTH) {
    const block = formatPrefix(prefixOf(prefix.address, CUSTOMER_LENGTH));
    const message = `whoever has ${formatAddress(prefix.address)} can take another address of its /64 at any time`;
    notes.push({ code: 'address-single', severity: 'note', message, hint: `to block them all: ${block}`, span });
  }
  return notes;
}

/** `[2001:db8::1]/64` and `[2001:db8::/64]` without the brackets; anything else as it is. */
function withoutBrackets(text: string): string {
  if (!text.startsWith('[')) return text;
  const close = text.indexOf(']');
  const rest = text.slice(close + 1);
  return close > 0 && (rest === '' || rest.startsWith('/')) ? text.slice(1, close) + rest : text;
}

/** The zone ends at the slash: `fe80::1%eth0/64` (RFC 4007 11.7). */
function withoutZone(text: string, percent: number): { kept: string; zone: string | undefined } {
  const slash = text.indexOf('/', percent);
  const end = slash < 0 ? text.length : slash;
  const zone = text.slice(percent + 1, end);
  const before = text.slice(0, percent);
  // only IPv6 has zones
  if (zone === '' || !before.includes(':')) return { kept: text, zone: undefined };
  return { kept: before + text.slice(end), zone };
}

function readIpv6(text: string): Result<Prefix> {
  const read = parseAddressWithLength(text);
  if (!read.ok || !isMapped(read.value.address)) return read.ok ? parsePrefix(text) : read;
  const address = unmapped(read.value.address);
  const { length } = read.value;
  if (length >= 96) return parsePrefix(`${formatAddress(address)}/${length - 96}`);
  // the length may be meant for either family
  if (length > bitsOf(4)) return parsePrefix(text);
  const hint = `write ${formatPrefix(prefixOf(address, length))}`;
  return failure('prefix-host-bits', `'${clip(text)}' has a length for IPv4 behind an IPv6 address`, hint);
}

/** The failure with the hint that the text's shape suggests. */
function explained(failed: Result<Prefix> & { ok: false }, text: string): Result<Target> {
  const hint = failed.hint !== undefined && failed.code !== 'prefix-invalid' ? undefined : hintFor(text);
  return hint === undefined ? failed : failure(failed.code, failed.message, hint);
}

const QUAD = String.raw`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`;
const WITH_PORT = new RegExp(String.raw`^(?:(${QUAD}):\d{1,5}|\[([0-9a-f:.]{2,45})\]:\d{1,5})$`, 'i');
const WITH_NETMASK = new RegExp(`^(${QUAD})/(${QUAD})$`);
const RANGE = /^[0-9a-f:.]{2,45}\s*-\s*[0-9a-f:.]{1,45}$/i;
const WILDCARD = /^(\d{1,3}(?:\.\d{1,3}){0,2})(?:\.\*){1,3}$/;
const NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.[a-z][a-z0-9-]{1,62}\.?$/i;

function hintFor(text: string): string | undefined {
  if (text === '') return 'write an address, such as 203.0.113.7, or a prefix, such as 203.0.113.0/24';
  if (text.length > 255) return undefined;
  const port = WITH_PORT.exec(text);
  if (port !== null) return `leave the port out: ${port[1] ?? port[2]!}`;
  const netmask = WITH_NETMASK.exec(text);
  if (netmask !== null) return hintForNetmask(netmask[1]!, netmask[2]!);
  const wildcard = WILDCARD.exec(text);
  if (wildcard !== null) return hintForWildcard(wildcard[1]!);
  if (RANGE.test(text)) return 'a range is no prefix: write the prefixes that it is made of';
  return NAME.test(text) ? 'write the address: a name may have another one tomorrow' : undefined;
}

function hintForNetmask(network: string, netmask: string): string | undefined {
  const address = parseAddress(network);
  const mask = parseAddress(netmask);
  if (!address.ok || !mask.ok) return undefined;
  const length = Math.clz32(~mask.value.w3);
  if (mask32(length) !== mask.value.w3) return undefined;
  return `write ${formatPrefix(prefixOf(address.value, length))}`;
}

function hintForWildcard(numbers: string): string | undefined {
  const parts = numbers.split('.');
  const address = parseAddress([...parts, '0', '0', '0'].slice(0, 4).join('.'));
  return address.ok ? `write ${formatPrefix({ address: address.value, length: parts.length * 8 })}` : undefined;
}

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
