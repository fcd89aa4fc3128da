import type { Address, Diagnostic, Fact, Parsed, Prefix } from '../../ip/index.ts';
import { readDirectives, type Directive } from './directive.ts';
import { complain, readAddress } from './draft.ts';
import { firstOf } from './first-diagnostics.ts';
import { readNetwork, readNetwork6 } from './network-words.ts';
import { judgeOther } from './parse-config.ts';

/** One file of a client-config-dir: what the server keeps for the client whose common name is the file's name. */
export interface CcdFile {
  readonly iroutes: readonly { readonly prefix: Prefix; readonly fact: Fact }[];
  /** Fixed addresses (`ifconfig-push`, `ifconfig-ipv6-push`). */
  readonly addresses: readonly Address[];
  /** `disable`: it may not connect. */
  readonly disabled: boolean;
  /** The file's first line. */
  readonly fact: Fact;
}

interface CcdDraft {
  readonly iroutes: { prefix: Prefix; fact: Fact }[];
  readonly addresses: Address[];
  disabled: boolean;
  readonly diagnostics: Diagnostic[];
}

const addAddress = (draft: CcdDraft, d: Directive): void => {
  const read = readAddress(draft, d, 0);
  if (read) draft.addresses.push(read.address);
};

const addIroute = (draft: CcdDraft, d: Directive, prefix: Prefix | undefined): void => {
  if (prefix) draft.iroutes.push({ prefix, fact: d.fact });
};

const CCD: Readonly<Record<string, (draft: CcdDraft, d: Directive) => void>> = {
  iroute: (draft, d) => addIroute(draft, d, readNetwork(d, 0, draft.diagnostics)),
  'iroute-ipv6': (draft, d) => addIroute(draft, d, readNetwork6(d, 0, draft.diagnostics)),
  'ifconfig-push': addAddress,
  'ifconfig-ipv6-push': addAddress,
  disable: (draft) => (draft.disabled = true),
  push: (draft, d) => noteOwnPush(draft, d),
  'push-remove': (draft, d) => noteOwnPush(draft, d),
  'push-reset': (draft, d) => noteOwnPush(draft, d),
};

/** What goes to one client only shows in that client's own routes, not here. */
function noteOwnPush(draft: CcdDraft, d: Directive): void {
  if (d.name === 'push' && !/^(route|redirect-)/.test(d.args[0]?.text ?? '')) return;
  complain(draft, d, [
    'line-not-modelled',
    'note',
    'what is pushed to one client only is seen in its own routes, not here',
  ]);
}

/**
 * Reads one file of a client-config-dir. Codes: `address-*`, `prefix-*`, `netmask-missing`, `value-invalid`,
 * `line-unknown`, `line-not-modelled`.
 */
export function parseCcdFile(text: string, source: string): Parsed<CcdFile> {
  const read = readDirectives(text, source);
  const draft: CcdDraft = { iroutes: [], addresses: [], disabled: false, diagnostics: [...read.diagnostics] };
  for (const d of read.value) {
    const handler = Object.hasOwn(CCD, d.name) ? CCD[d.name] : undefined;
    if (handler) handler(draft, d);
    else judgeOther(draft, d);
  }
  const { iroutes, addresses, disabled, diagnostics } = draft;
  const fact = read.value[0]?.fact ?? { source, line: 0, text: '' };
  return { value: { iroutes, addresses, disabled, fact }, diagnostics: firstOf(diagnostics, source) };
}
