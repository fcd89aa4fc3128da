import { contains, formatAddress, parseAddress, sameAddress, type Address, type Fact } from '../../ip/index.ts';
import type { Interface, Route } from '../../model/index.ts';
import { addressOf, draftInterface, finishInterfaces, type InterfaceDraft } from '../interface-parts.ts';

/** The interfaces of a Windows, which its programs name by alias, by number or by address. */
export class WindowsInterfaces {
  readonly #drafts: InterfaceDraft[] = [];
  readonly #byIndex = new Map<string, InterfaceDraft>();

  /** The interface of that alias, new where there was none. */
  alias(name: string, fact: Fact): InterfaceDraft {
    const known = this.#drafts.find((d) => d.name === name);
    if (known) return known;
    const draft = draftInterface(name, kindOf(name), fact);
    this.#drafts.push(draft);
    return draft;
  }

  /** Says which number an interface has. */
  number(draft: InterfaceDraft, index: string): void {
    this.#byIndex.set(index, draft);
  }

  /** Gives it an address, once. */
  give(draft: InterfaceDraft, address: Address, length: number, fact: Fact): void {
    if (!draft.addresses.some((a) => sameAddress(a.address, address))) draft.addresses.push(addressOf(address, length, fact)); // prettier-ignore
  }

  /** The name of the interface with this number or address: itself where no alias is known. */
  named(word: string, fact: Fact): string {
    const address = parseAddress(word);
    const owner = address.ok ? this.#owner(address.value) : this.#byIndex.get(word);
    return (owner ?? this.alias(word, fact)).name;
  }

  #owner(address: Address): InterfaceDraft | undefined {
    return this.#drafts.find((d) => d.addresses.some((a) => sameAddress(a.address, address)));
  }

  /** Own addresses that only a table tells: a host route to itself, as long as the network on the same interface. */
  learn(routes: readonly Route[]): void {
    const direct = routes.filter((r) => r.protocol === 'kernel' && r.prefix.address.family === 4);
    const own = direct.filter((r) => r.prefix.length === 32 && r.nexthops[0]?.dev === formatAddress(r.prefix.address));
    for (const { prefix, fact } of own) {
      if (this.#owner(prefix.address)) continue;
      const text = formatAddress(prefix.address);
      const networks = direct.filter((r) => r.prefix.length < 32 && r.nexthops[0]?.dev === text && contains(r.prefix, prefix.address)); // prettier-ignore
      const length = Math.max(...networks.map((r) => r.prefix.length), 0) || 32;
      this.give(this.alias(text, fact), prefix.address, length, fact);
    }
  }

  finish(): readonly Interface[] {
    return finishInterfaces(this.#drafts);
  }
}

/** By the names that the drivers of OpenVPN and WireGuard give. */
function kindOf(name: string): InterfaceDraft['kind'] {
  if (/loopback/i.test(name)) return 'loopback';
  if (/wireguard|^wg\d/i.test(name)) return 'wireguard';
  return /openvpn|\btap\b|\btun\b/i.test(name) ? 'tun' : 'ethernet';
}
