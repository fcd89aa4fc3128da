import {
  bitsOf,
  isLinkLocal,
  isLoopback,
  parseAddress,
  sameAddress,
  type Diagnostic,
  type Parsed,
  type Result,
} from '../../ip/index.ts';
import type { Interface, InterfaceAddress } from '../../model/index.ts';
import { upTo } from '../iproute2/names.ts';
import type { Word, WordReader } from '../iproute2/words.ts';
import { netmaskLength } from '../netmask.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { gateway } from './gateway.ts';
import { interfaceKind } from './interface-kind.ts';

const HEAD = /^([A-Za-z][\w.-]*): flags=[\da-f]+<([^>]*)>?(?:.*?\bmtu (\d+))?/;

/** Whether this looks like `ifconfig`. */
export const isIfconfig = (text: string): boolean => /^[A-Za-z][\w.-]*: flags=[\da-f]+</m.test(text);

interface Draft extends Omit<{ -readonly [K in keyof Interface]: Interface[K] }, 'addresses' | 'mac' | 'master'> {
  addresses: InterfaceAddress[];
  mac?: string;
  readonly members: string[];
}

/**
 * The interfaces of `ifconfig` of macOS or a BSD, in their order (net-tools prints nearly the same). Codes: those of
 * addresses, `line-limited` (an address shared by CARP), `line-not-modelled` (another routing table), `input-cut-off`,
 * `line-unknown`.
 */
export function parseIfconfig(text: string, source: string): Parsed<readonly Interface[]> {
  const drafts: Draft[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const line of linesOf(text, source)) {
    const reader = readerOf(line);
    const head = HEAD.exec(line.text);
    const draft = drafts.at(-1);
    if (head) drafts.push(begin(head, line, drafts.length + 1));
    else if (!draft || !/^\s/.test(line.text))
      reader.note('line-unknown', 'ifconfig prints no such line', undefined, undefined, 'warning'); // prettier-ignore
    else readLine(reader, draft, line);
    diagnostics.push(...reader.diagnostics);
  }
  const masters = new Map(drafts.flatMap((d) => d.members.map((m) => [m, d.name] as const)));
  const value = drafts.map(({ members, ...dev }): Interface => {
    const master = masters.get(dev.name);
    return members.length > 0 || master === undefined ? dev : { ...dev, master };
  });
  return { value, diagnostics };
}

function begin([, name, flags, mtu]: RegExpExecArray, line: Line, index: number): Draft {
  const words = flags!.split(',');
  return {
    name: name!,
    index,
    kind: words.includes('LOOPBACK') ? 'loopback' : interfaceKind(name!),
    mtu: mtu === undefined ? 1500 : Number(mtu),
    up: words.includes('UP'),
    carrier: words.includes('RUNNING'),
    addresses: [],
    members: [],
    fact: factOf(line),
  };
}

function readLine(reader: WordReader, draft: Draft, line: Line): void {
  const key = reader.next()!;
  if (key.text === 'inet' || key.text === 'inet6') readAddress(reader, draft, line, key);
  else if (key.text === 'ether' || key.text === 'lladdr') draft.mac = (reader.next()?.text ?? '').toLowerCase();
  else if (key.text === 'status:') draft.carrier = /^(active|associated|running)$/.test(reader.next()?.text ?? '');
  else if (key.text === 'member:') draft.members.push(reader.next()?.text ?? '');
  else if (key.text === 'fib:' || key.text === 'rdomain' || key.text === 'vrf')
    if (reader.next()?.text !== '0') reader.note('line-not-modelled', `${draft.name} is in another routing table, which is not followed`, undefined, undefined, 'warning'); // prettier-ignore
}

function readAddress(reader: WordReader, draft: Draft, line: Line, key: Word): void {
  const own = reader.value(key, 'an address', zoned);
  if (!own) return;
  const peer = reader.peek() === '-->' ? reader.value(reader.next()!, 'an address', zoned) : undefined;
  const length = lengthOf(reader, key, own.family);
  if (length === undefined) return;
  const words = line.words.map((w) => w.text);
  if (words.includes('duplicated')) {
    reader.note('line-limited', 'this address is not in use: another box has it', undefined, undefined, 'warning');
    return;
  }
  if (words.includes('vhid')) reader.note('line-limited', 'this address is shared (CARP), and taken as being here', undefined, undefined, 'warning'); // prettier-ignore
  draft.addresses.push({
    address: own,
    length,
    // OpenVPN names itself as the other end where it speaks for a whole network
    ...(peer && !sameAddress(peer, own) && { peer }),
    scope: isLoopback(own) ? 'host' : own.family === 6 && isLinkLocal(own) ? 'link' : 'global',
    secondary: false,
    deprecated: words.includes('deprecated') || words.includes('temporary'),
    fact: factOf(line),
  });
}

const zoned = (text: string): ReturnType<typeof parseAddress> => {
  const read = gateway(text.replace(/\/\d+$/, ''));
  return read.ok ? { ok: true, value: read.value.via! } : read;
};

/** What stands behind `netmask` or `prefixlen`; undefined when it is missing or wrong, which is noted. */
function lengthOf(reader: WordReader, key: Word, family: 4 | 6): number | undefined {
  const [word, read]: [string, (text: string) => Result<number>] =
    family === 4 ? ['netmask', netmaskLength] : ['prefixlen', upTo(bitsOf(6))];
  const slash = /\/(\d+)$/.exec(reader.last?.text ?? '')?.[1];
  if (slash !== undefined) return Math.min(Number(slash), bitsOf(family));
  for (let at = reader.next(); at; at = reader.next()) if (at.text === word) return reader.value(at, 'a length', read);
  reader.note('input-cut-off', `this line ends before its ${word}`, key.span, 'paste the whole output of ifconfig');
  return undefined;
}
