import { parsePrefix, type Diagnostic, type Fact, type Parsed } from '../../ip/index.ts';
import type { AllowedIp, WireGuard, WireGuardPeer } from '../../model/index.ts';
import { firstOf } from '../openvpn/first-diagnostics.ts';
import { hideKeysOfDump } from './hide-keys.ts';
import { endpointOf } from './parse-quick.ts';

const NONE = '(none)';

/**
 * Reads `wg show all dump` (wg(8)): a line an interface with its name, private key, public key, port and mark, followed by
 * a line a peer. Private and preshared keys are dropped before anything is read. Codes: `line-unknown`, `prefix-*`.
 */
export function parseWgDump(text: string, source: string): Parsed<readonly WireGuard[]> {
  const diagnostics: Diagnostic[] = [];
  const found = new Map<string, WireGuard & { readonly peers: WireGuardPeer[] }>();
  for (const [i, line] of hideKeysOfDump(text).split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const fields = line.split('\t');
    const fact: Fact = { source, line: i + 1, text: line };
    if (fields.length === 5) found.set(fields[0]!, { ...interfaceOf(fields, fact), peers: [] });
    else if (fields.length === 9 && found.has(fields[0]!))
      found.get(fields[0]!)!.peers.push(peerOf(fields, fact, diagnostics));
    else diagnostics.push(unknown(fact));
  }
  return { value: [...found.values()], diagnostics: firstOf(diagnostics, source) };
}

function unknown({ source, line, text }: Fact): Diagnostic {
  const span = { source, line, column: 1, length: Math.max(1, text.length), text };
  return { code: 'line-unknown', severity: 'warning', message: `no line of 'wg show all dump'`, span };
}

function interfaceOf(
  [dev = '', , publicKey = NONE, port = '0', mark = 'off']: string[],
  fact: Fact,
): Omit<WireGuard, 'peers'> {
  return {
    dev,
    fwmark: mark === 'off' ? 0 : Number(mark) || 0,
    ...(publicKey === NONE ? {} : { publicKey }),
    ...(Number(port) > 0 ? { listenPort: Number(port) } : {}),
    fact: { ...fact, text: `${dev} ${publicKey} port ${port} fwmark ${mark}` },
  };
}

function peerOf(fields: string[], fact: Fact, diagnostics: Diagnostic[]): WireGuardPeer {
  const [dev, publicKey = '', , where = NONE, networks = NONE, handshake = '0', , , keepalive = 'off'] = fields;
  const endpoint = endpointOf(where);
  const said: Fact = { ...fact, text: `${dev} peer ${publicKey} endpoint ${where} allowed ips ${networks}` };
  return {
    publicKey,
    ...(endpoint ? { endpoint } : {}),
    allowedIps: networks === NONE ? [] : networks.split(',').flatMap((n) => allowedIp(n, said, diagnostics)),
    keepalive: Number(keepalive) || 0,
    latestHandshake: Number(handshake) || 0,
    fact: said,
  };
}

function allowedIp(text: string, fact: Fact, diagnostics: Diagnostic[]): AllowedIp[] {
  const read = parsePrefix(text);
  if (!read.ok) diagnostics.push({ code: read.code, severity: 'warning', message: read.message });
  return read.ok ? [{ prefix: read.value, fact }] : [];
}
