import { parseAddress, type Diagnostic } from '../../ip/index.ts';
import type { Setting } from '../../model/index.ts';
import type { InterfaceDraft } from '../interface-parts.ts';
import { netmaskLength } from '../netmask.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import type { WindowsInterfaces } from './windows-interfaces.ts';

/** `   IPv4 Address. . . . . . . . . . . : 10.5.5.1(Preferred)`, in whatever language. */
const ENTRY = /^\s+(\S.*?)(?:[\s.]*\.)?\s*: ?(.*)$/;

/**
 * Reads `ipconfig`, in whatever language its keys are: adapters, their IPv4 addresses with the mask that follows, IPv6
 * addresses (64 bits of network: it tells none), whether IP routing is on. Codes: those of addresses, `input-cut-off`.
 */
export function readIpconfig(
  text: string,
  source: string,
  interfaces: WindowsInterfaces,
  settings: Map<string, Setting>,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let draft: InterfaceDraft | undefined;
  let open: { readonly line: Line; readonly value: string } | undefined;
  const close = (): void => {
    if (!open) return;
    const reader = readerOf(open.line);
    reader.note('input-cut-off', 'no mask follows this address', undefined, 'paste the whole output of ipconfig');
    diagnostics.push(...reader.diagnostics);
    open = undefined;
  };
  for (const line of linesOf(text, source)) {
    const entry = ENTRY.exec(line.text);
    if (!entry) {
      close();
      const name = aliasOf(line.text);
      if (name !== undefined) draft = interfaces.alias(name, factOf(line));
      continue;
    }
    const [, key = '', value = ''] = entry;
    if (/^IP.?Routing/i.test(key)) settings.set('ipv4/ip_forward', { value: /^(Yes|Ja|Oui|S|Tak|Sim)/i.test(value) ? '1' : '0', fact: factOf(line) }); // prettier-ignore
    if (!draft) continue;
    const length = netmaskLength(value.trim());
    if (open && length.ok) {
      const address = readAddress(open.line, open.value, diagnostics);
      if (address) interfaces.give(draft, address, length.value, factOf(open.line));
      open = undefined;
    } else if (/IPv4/i.test(key) || /^IP(-A| A).*$/i.test(key)) {
      close();
      open = { line, value };
    } else if (/IPv6/i.test(key)) readIpv6(line, value, draft, interfaces, diagnostics);
  }
  close();
  return diagnostics;
}

/** What stands behind `adapter` in a heading; the heading itself in other languages. */
function aliasOf(text: string): string | undefined {
  const heading = /^(\S.*?)\s*:\s*$/.exec(text)?.[1];
  return heading && (/^.*?\badapter\s+(.+)$/i.exec(heading)?.[1] ?? heading);
}

/** Without `(Preferred)` and the zone. */
function readAddress(line: Line, value: string, diagnostics: Diagnostic[]): ReturnType<typeof address> {
  const found = address(value);
  if (found) return found;
  const reader = readerOf(line);
  reader.note('address-invalid', `'${value.slice(0, 60)}' is not an address`);
  diagnostics.push(...reader.diagnostics);
  return undefined;
}

function address(value: string) {
  const read = parseAddress(value.trim().replace(/\(.*/, '').replace(/%.*/, ''));
  return read.ok ? read.value : undefined;
}

function readIpv6(
  line: Line,
  value: string,
  draft: InterfaceDraft,
  interfaces: WindowsInterfaces,
  diagnostics: Diagnostic[],
): void {
  const own = readAddress(line, value, diagnostics);
  if (own?.family !== 6) return;
  interfaces.give(draft, own, 64, factOf(line));
  const zone = /%(\d+)/.exec(value)?.[1];
  if (zone !== undefined) interfaces.number(draft, zone);
}
