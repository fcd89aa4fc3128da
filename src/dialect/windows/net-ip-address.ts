import { bitsOf, parseAddress, type Diagnostic } from '../../ip/index.ts';
import { upTo } from '../iproute2/names.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import type { WindowsInterfaces } from './windows-interfaces.ts';

/** Reads `Get-NetIPAddress`, as the list it is or as a table. Codes: those of addresses, `key-missing`. */
export function readNetIpAddress(text: string, source: string, interfaces: WindowsInterfaces): readonly Diagnostic[] {
  const lines = linesOf(text, source);
  const rows = lines.filter((l) => /^\s*\d+\s+[\da-f.:%]+\s+\d+\s/i.test(l.text));
  const listed = entriesOf(lines);
  return [...rows.map((l) => row(l)), ...listed].flatMap((entry) => take(entry, interfaces));
}

interface Entry {
  readonly line: Line;
  readonly address: string;
  readonly length: string | undefined;
  readonly index: string | undefined;
  readonly alias: string | undefined;
}

/** `12  10.5.5.1  24  Manual  Manual  Preferred  ActiveStore`. */
function row(line: Line): Entry {
  const [index, address = '', length] = line.words.map((w) => w.text);
  return { line, address, length, index, alias: undefined };
}

/** `IPAddress : 10.5.5.1`, and what follows up to the next. */
function entriesOf(lines: readonly Line[]): readonly Entry[] {
  const groups: Line[][] = [];
  for (const line of lines) {
    if (/^\s*IPAddress\s+:/i.test(line.text)) groups.push([]);
    groups.at(-1)?.push(line);
  }
  return groups.map((group) => {
    const value = (key: string): string | undefined => {
      const line = group.find((l) => l.words[0]?.text.toLowerCase() === key);
      return line && /:\s*(.*?)\s*$/.exec(line.text)?.[1];
    };
    return {
      line: group[0]!,
      address: value('ipaddress') ?? '',
      length: value('prefixlength'),
      index: value('interfaceindex'),
      alias: value('interfacealias'),
    };
  });
}

function take({ line, address, length, index, alias }: Entry, interfaces: WindowsInterfaces): readonly Diagnostic[] {
  const reader = readerOf(line);
  const own = parseAddress(address.replace(/%.*/, ''));
  if (!own.ok) reader.note(own.code, own.message, undefined, own.hint);
  const number = upTo(own.ok ? bitsOf(own.value.family) : 128)(length ?? '');
  if (own.ok && (!number.ok || (index ?? alias) === undefined))
    reader.note(
      'key-missing',
      'this address lacks its prefix length or its interface',
      undefined,
      'paste the whole entry',
    );
  if (own.ok && number.ok && (index ?? alias) !== undefined) {
    const draft = interfaces.alias(alias ?? interfaces.named(index!, factOf(line)), factOf(line));
    if (index !== undefined) interfaces.number(draft, index);
    interfaces.give(draft, own.value, number.value, factOf(line));
  }
  return reader.diagnostics;
}
