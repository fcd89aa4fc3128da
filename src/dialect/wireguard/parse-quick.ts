import {
  parseAddressWithLength,
  prefixOf,
  type AddressWithLength,
  type Diagnostic,
  type Fact,
  type Parsed,
} from '../../ip/index.ts';
import type { AllowedIp, WireGuard, WireGuardEndpoint, WireGuardPeer } from '../../model/index.ts';
import { firstOf } from '../openvpn/first-diagnostics.ts';
import { hideKeys } from './hide-keys.ts';
import { ownAllowedIps } from './own-allowed-ips.ts';
import { isKey, publicKeyOf } from './public-key.ts';
import { aboutLine, settingLines, type SettingLine } from './setting-lines.ts';

/** A file of wg-quick: the interface, and what it makes around it. */
export interface WgQuick {
  readonly wireguard: WireGuard;
  readonly addresses: readonly (AddressWithLength & { readonly fact: Fact })[];
  readonly mtu?: number;
  /** Where its routes go. `auto`: the main table, or one of its own for everything. */
  readonly table: 'auto' | 'off' | number;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

interface Peer extends Draft<Omit<WireGuardPeer, 'allowedIps'>> {
  allowedIps: AllowedIp[];
}

interface Reading {
  readonly diagnostics: Diagnostic[];
  readonly own: Draft<Omit<WireGuard, 'peers'>>;
  readonly quick: { addresses: (AddressWithLength & { readonly fact: Fact })[]; mtu?: number; table: WgQuick['table'] };
  readonly peers: Peer[];
}

/**
 * Reads a file of wg-quick (wg-quick(8), wg(8)). Of a private key only the public one is worked out; neither it nor a
 * preshared key is kept, in no fact and in no diagnostic. Codes: `value-invalid`, `port-invalid`, `address-*`,
 * `prefix-*`, `line-unknown`, `line-not-modelled`, `key-missing`, `allowed-ip-moved`.
 */
export function parseWgQuick(text: string, source: string, dev: string): Parsed<WgQuick> {
  const safe = hideKeys(text);
  const lines = settingLines(safe, source);
  const fact = lines.find((l) => l.key === '[interface]')?.fact ?? { source, line: 0, text: dev };
  const reading: Reading = {
    diagnostics: [],
    own: { dev, fwmark: 0, fact, ...ownKey(text) },
    quick: { addresses: [], table: 'auto' },
    peers: [],
  };
  for (const line of lines) readLine(reading, line);
  const { own, quick, peers, diagnostics } = reading;
  const named = peers.filter((p) => hasKey(p, diagnostics));
  const shared = ownAllowedIps(named);
  const wireguard = { ...own, peers: shared.value };
  return { value: { wireguard, ...quick }, diagnostics: firstOf([...diagnostics, ...shared.diagnostics], source) };
}

function ownKey(text: string): Pick<WireGuard, 'publicKey'> {
  const written = /^[ \t]*PrivateKey[ \t]*=[ \t]*(\S+)/im.exec(text)?.[1];
  const publicKey = written === undefined ? null : publicKeyOf(written);
  return publicKey === null ? {} : { publicKey };
}

function hasKey({ publicKey, fact }: Peer, diagnostics: Diagnostic[]): boolean {
  if (publicKey !== '') return true;
  const line = { key: '[peer]', values: [], section: null, fact };
  diagnostics.push(aboutLine(line, ['key-missing', 'error', 'this [Peer] has no PublicKey', 'add its PublicKey = …']));
  return false;
}

function readLine(reading: Reading, line: SettingLine): void {
  const { key, section } = line;
  if (key === '[interface]') return;
  if (key === '[peer]') {
    reading.peers.push({ publicKey: '', allowedIps: [], keepalive: 0, fact: line.fact });
    return;
  }
  const handlers = section === 'interface' ? INTERFACE : PEER;
  const handler = section !== null && Object.hasOwn(handlers, key) ? handlers[key] : undefined;
  if (handler) handler(reading, line);
  else
    complain(reading, line, ['line-unknown', 'warning', `'${key.slice(0, 60)}' is not a setting that is known here`]);
}

type Handler = (reading: Reading, line: SettingLine) => void;

function complain(reading: Reading, line: SettingLine, problem: Parameters<typeof aboutLine>[1], at?: number): void {
  reading.diagnostics.push(aboutLine(line, problem, at));
}

const ignore: Handler = () => undefined;

const script: Handler = (reading, line) =>
  complain(reading, line, [
    'line-not-modelled',
    'warning',
    'what this command does is not followed',
    `say what it does below 'filter', 'routes' or 'rules' of the host, or collect the host's facts`,
  ]);

const INTERFACE: Readonly<Record<string, Handler>> = {
  privatekey: ignore,
  dns: ignore,
  saveconfig: ignore,
  predown: ignore,
  postdown: ignore,
  preup: script,
  postup: script,
  address: (reading, line) => void reading.quick.addresses.push(...addressesOf(reading, line)),
  listenport: (reading, line) => {
    const port = numberOf(reading, line, 65535);
    if (port !== undefined) reading.own.listenPort = port;
  },
  fwmark: (reading, line) => {
    const mark = line.values[0]?.text === 'off' ? 0 : numberOf(reading, line, 0xffffffff);
    if (mark !== undefined) reading.own.fwmark = mark;
  },
  mtu: (reading, line) => {
    const mtu = numberOf(reading, line, 65535);
    if (mtu !== undefined) reading.quick.mtu = mtu;
  },
  table: (reading, line) => {
    const word = line.values[0]?.text ?? 'auto';
    const table =
      word === 'auto' || word === 'off' ? word : word === 'main' ? 254 : numberOf(reading, line, 0xffffffff);
    if (table !== undefined) reading.quick.table = table;
  },
};

const PEER: Readonly<Record<string, Handler>> = {
  presharedkey: ignore,
  publickey: (reading, line) => {
    const key = line.values[0]?.text ?? '';
    if (isKey(key)) reading.peers.at(-1)!.publicKey = key;
    else
      complain(
        reading,
        line,
        ['value-invalid', 'error', 'this is no key of WireGuard: 44 characters that end with ='],
        0,
      );
  },
  endpoint: (reading, line) => {
    const endpoint = endpointOf(line.values[0]?.text ?? '');
    if (endpoint) reading.peers.at(-1)!.endpoint = endpoint;
    else
      complain(
        reading,
        line,
        ['value-invalid', 'error', 'an endpoint is address:port, [address]:port or name:port'],
        0,
      );
  },
  allowedips: (reading, line) =>
    void reading.peers
      .at(-1)!
      .allowedIps.push(
        ...addressesOf(reading, line).map(({ address, length, fact }) => ({ prefix: prefixOf(address, length), fact })),
      ),
  persistentkeepalive: (reading, line) => {
    const seconds = line.values[0]?.text === 'off' ? 0 : numberOf(reading, line, 65535);
    if (seconds !== undefined) reading.peers.at(-1)!.keepalive = seconds;
  },
};

/** Where packets go: `192.0.2.1:51820`, `[2001:db8::1]:51820`, `vpn.example.org:51820`; null when it is none of them. */
export function endpointOf(text: string): WireGuardEndpoint | null {
  const [, six, other, digits = ''] = /^(?:\[([^\]%]+)(?:%[^\]]*)?\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? other;
  return host === undefined || Number(digits) > 65535 ? null : { host, port: Number(digits) };
}

function addressesOf(reading: Reading, line: SettingLine): (AddressWithLength & { fact: Fact })[] {
  return line.values.flatMap(({ text }, i) => {
    const read = parseAddressWithLength(text);
    if (!read.ok) complain(reading, line, [read.code, 'error', read.message, read.hint], i);
    return read.ok ? [{ ...read.value, fact: line.fact }] : [];
  });
}

function numberOf(reading: Reading, line: SettingLine, most: number): number | undefined {
  const text = line.values[0]?.text ?? '';
  const n = /^(0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : NaN;
  if (n <= most) return n;
  complain(reading, line, ['value-invalid', 'error', `'${line.key}' needs a number up to ${most}`], 0);
  return undefined;
}
