import {
  formatAddress,
  formatPrefix,
  mask32,
  parseAddress,
  parseAddressWithLength,
  parsePrefix,
  prefixOf,
  sameAddress,
  type Diagnostic,
  type Prefix,
  type Result,
  type Severity,
} from '../../ip/index.ts';
import { netmaskLength } from '../netmask.ts';
import { about, type Directive } from './directive.ts';

/**
 * The IPv4 network in arguments `at` and `at + 1` of a directive: `10.5.5.0 255.255.255.0`. Without a netmask OpenVPN
 * takes 255.255.255.255. Host bits are cut off with a diagnostic of the given severity.
 */
export function readNetwork(
  d: Directive,
  at: number,
  diagnostics: Diagnostic[],
  hostBits: Severity = 'warning',
): Prefix | undefined {
  const word = d.args[at]?.text ?? '';
  const address = word === 'default' ? parseAddress('0.0.0.0') : parseAddress(word);
  if (!address.ok || address.value.family !== 4) {
    diagnostics.push(badAddress(d, at));
    return undefined;
  }
  const maskWord = d.args[at + 1]?.text;
  if (maskWord === undefined || maskWord === 'default') {
    if ((address.value.w3 & 0xff) === 0) diagnostics.push(about(d, { ...NO_MASK }, at));
    return prefixOf(address.value, 32);
  }
  const length = netmaskLength(maskWord);
  if (!length.ok) {
    diagnostics.push(about(d, { severity: 'error', ...pick(length) }, at + 1));
    return undefined;
  }
  const prefix = prefixOf(address.value, length.value);
  if (!sameAddress(prefix.address, address.value)) {
    const hint = `the network is ${formatAddress(prefix.address)} ${maskWord}`;
    const message = `${word} ${maskWord} has host bits set`;
    diagnostics.push(about(d, { code: 'prefix-host-bits', severity: hostBits, message, hint }, at));
  }
  return prefix;
}

const NO_MASK = {
  code: 'netmask-missing',
  severity: 'warning',
  message: 'there is no netmask, so this is one address only (255.255.255.255)',
  hint: 'write the netmask, for instance 255.255.255.0',
} as const;

/** The IPv6 network in argument `at`: `fd00:5::/64`. */
export function readNetwork6(d: Directive, at: number, diagnostics: Diagnostic[]): Prefix | undefined {
  const read = parseAddressWithLength(d.args[at]?.text ?? '');
  if (!read.ok) {
    diagnostics.push(about(d, { severity: 'error', ...pick(read) }, at));
    return undefined;
  }
  if (read.value.address.family !== 6) {
    diagnostics.push(
      about(d, { code: 'address-invalid', severity: 'error', message: 'this is not an IPv6 network' }, at),
    );
    return undefined;
  }
  const prefix = prefixOf(read.value.address, read.value.length);
  if (!sameAddress(prefix.address, read.value.address)) {
    const hint = `the network is ${formatPrefix(prefix)}`;
    const message = `${d.args[at]!.text} has host bits set`;
    diagnostics.push(about(d, { code: 'prefix-host-bits', severity: 'warning', message, hint }, at));
  }
  return prefix;
}

const pick = (r: Extract<Result<unknown>, { ok: false }>) => ({
  code: r.code,
  message: r.message,
  hint: r.hint,
});

function badAddress(d: Directive, at: number): Diagnostic {
  const word = d.args[at]?.text;
  if (word === undefined) {
    return about(d, { code: 'value-invalid', severity: 'error', message: `'${d.name}' needs a network` });
  }
  const prefix = parsePrefix(word);
  if (prefix.ok && prefix.value.address.family === 4) {
    const mask = formatAddress({ ...prefix.value.address, w3: mask32(prefix.value.length) });
    const hint = `write ${formatAddress(prefix.value.address)} ${mask}`;
    return about(
      d,
      { code: 'value-invalid', severity: 'error', message: 'OpenVPN wants a network and a netmask', hint },
      at,
    );
  }
  if (/^[a-z_]([\w.-]*)$/i.test(word)) {
    const message = `the name '${word.slice(0, 60)}' is looked up when OpenVPN starts; its address is not known here`;
    return about(d, { code: 'line-not-modelled', severity: 'warning', message }, at);
  }
  return about(
    d,
    { code: 'address-invalid', severity: 'error', message: `'${word.slice(0, 60)}' is not an IPv4 address` },
    at,
  );
}
