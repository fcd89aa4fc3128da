import { formatAddress, type Fact, type Parsed } from '../../ip/index.ts';
import type { ForwardingMethod, TunnelType, VirtualMatch, VirtualServer } from '../../model/index.ts';
import { readEndpoint } from './endpoint.ts';
import { LineFaults, type Line } from './faults.ts';
import { finished, type ServiceDraft } from './listing.ts';

interface Reading {
  readonly source: string;
  readonly faults: LineFaults;
  readonly services: ServiceDraft[];
}

/**
 * The virtual servers of `ipvsadm-save -n` or `ipvsadm -Sn` (ipvsadm(8) 1.31), also of a script with such lines. Facts are
 * the lines. Codes, all warnings: `line-unknown`, `value-invalid`, `set-missing` (a real server of no virtual one).
 */
export function parseIpvsadmSave(text: string, source: string): Parsed<readonly VirtualServer[]> {
  const reading: Reading = { source, faults: new LineFaults(source), services: [] };
  for (const [i, raw] of text.split('\n').entries()) {
    const line = { number: i + 1, text: raw.replace(/\r$/, '') };
    if (/^\s*(#|$)/.test(raw)) continue;
    readLine(line, reading);
  }
  return { value: finished(reading.services), diagnostics: reading.faults.all() };
}

/** Options without a value. */
const FLAGS: Readonly<Record<string, string>> = {
  '-6': 'ipv6', '--ipv6': 'ipv6', '-o': 'ops', '--ops': 'ops', '-n': 'numeric', '--numeric': 'numeric',
  '-g': 'direct', '--gatewaying': 'direct', '-i': 'tunnel', '--ipip': 'tunnel', '-m': 'nat', '--masquerading': 'nat',
  '--tun-nocsum': 'csum', '--tun-csum': 'csum', '--tun-remcsum': 'csum',
  '-A': 'add-service', '--add-service': 'add-service', '-a': 'add-server', '--add-server': 'add-server',
}; // prettier-ignore

/** Options with one. `-p` may stand without. */
const VALUES: Readonly<Record<string, string>> = {
  '-t': 'tcp', '--tcp-service': 'tcp', '-u': 'udp', '--udp-service': 'udp', '--sctp-service': 'sctp',
  '-f': 'mark', '--fwmark-service': 'mark', '-s': 'scheduler', '--scheduler': 'scheduler', '-b': 'flags',
  '--sched-flags': 'flags', '-p': 'persistent', '--persistent': 'persistent', '-M': 'netmask', '--netmask': 'netmask',
  '--pe': 'engine', '-r': 'server', '--real-server': 'server', '-w': 'weight', '--weight': 'weight', '-x': 'upper',
  '--u-threshold': 'upper', '-y': 'lower', '--l-threshold': 'lower', '--tun-type': 'type', '--tun-port': 'port',
}; // prettier-ignore

type Options = ReadonlyMap<string, string>;

function readLine(line: Line, reading: Reading): void {
  const words = line.text.trim().split(/\s+/);
  while (/^(sudo|(\/usr)?(\/sbin\/)?ipvsadm)$/.test(words[0] ?? '')) words.shift();
  const options = optionsOf(words, line, reading);
  if (!options) return;
  const match = matchOf(options);
  const isService = options.has('add-service');
  if (!match || isService === options.has('add-server')) {
    reading.faults.note(line, ['line-unknown', 'warning', 'this is no line of ipvsadm-save -n']);
    return;
  }
  const fact = { source: reading.source, line: line.number, text: line.text.trim() };
  if (isService) addService(options, match, fact, reading);
  else addServer(options, { match, fact, line }, reading);
}

function optionsOf(words: readonly string[], line: Line, { faults }: Reading): Options | null {
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const [word, given] = splitLong(words[i]!);
    if (Object.hasOwn(FLAGS, word)) options.set(FLAGS[word]!, '');
    else if (!Object.hasOwn(VALUES, word)) {
      faults.note(line, ['line-unknown', 'warning', `'${word.slice(0, 60)}' is no option of ipvsadm's lists`], word);
      return null;
    } else {
      const isBare = word === '-p' && /^(-|$)/.test(words[i + 1] ?? '');
      options.set(VALUES[word]!, given ?? (isBare ? '' : (words[++i] ?? '')));
    }
  }
  return options;
}

/** `--weight=1` is `--weight 1`. */
function splitLong(word: string): [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132 } as const;

function matchOf(options: Options): VirtualMatch | null {
  const mark = options.get('mark');
  if (mark !== undefined) return /^\d{1,10}$/.test(mark) ? { kind: 'mark', mark: Number(mark) >>> 0 } : null;
  for (const name of ['tcp', 'udp', 'sctp'] as const) {
    const text = options.get(name);
    const end = text === undefined ? null : readEndpoint(text);
    if (end) return { kind: 'address', protocol: PROTOCOLS[name], ...end };
  }
  return null;
}

function addService(options: Options, match: VirtualMatch, fact: Fact, { services }: Reading): void {
  const family = match.kind === 'address' ? match.address.family : options.has('ipv6') ? 6 : 4;
  const scheduler = options.get('scheduler') ?? 'wlc';
  const flags = options.get('flags')?.split(',') ?? [];
  // ipvsadm names the flags of `sh`, the kernel counts them
  const hasFallback = flags.includes('sh-fallback') || (scheduler === 'sh' && flags.includes('flag-1'));
  services.push({
    match,
    family,
    scheduler,
    persistent: options.has('persistent'),
    ...(options.has('ops') && { onePacket: true }),
    ...(hasFallback && { fallback: true }),
    realServers: [],
    fact,
  });
}

interface ServerLine {
  readonly match: VirtualMatch;
  readonly fact: Fact;
  readonly line: Line;
}

const isSame = (options: Options, match: VirtualMatch, draft: ServiceDraft): boolean =>
  keyOf(match) === keyOf(draft.match) && (match.kind === 'address' || (options.has('ipv6') ? 6 : 4) === draft.family);

const keyOf = (match: VirtualMatch): string =>
  match.kind === 'mark' ? `${match.mark}` : `${match.protocol} ${formatAddress(match.address)} ${match.port}`;

function addServer(options: Options, { match, fact, line }: ServerLine, { services, faults }: Reading): void {
  const service = services.findLast((s) => isSame(options, match, s));
  const server = options.get('server') ?? '';
  const end = readEndpoint(server);
  const weight = options.get('weight') ?? '1';
  if (!service) {
    faults.note(line, ['set-missing', 'warning', 'no virtual server of this line was added before it']);
    return;
  }
  if (!end || !/^\d{1,10}$/.test(weight)) {
    faults.note(line, ['value-invalid', 'warning', 'this is no real server'], end ? weight : server || undefined);
    return;
  }
  const method = methodOf(options);
  service.realServers.push({ ...end, method, tunnelType: typeOf(options), weight: Number(weight), fact });
}

/** The way of handing over; `-g` where nothing is said. */
function methodOf(options: Options): ForwardingMethod {
  if (options.has('nat')) return 'nat';
  return options.has('tunnel') ? 'tunnel' : 'direct';
}

function typeOf(options: Options): TunnelType {
  const type = options.get('type');
  return type === 'gue' || type === 'gre' ? type : 'ipip';
}
