import { isLinkLocal, isLoopback, type Address, type Fact } from '../ip/index.ts';
import type { Interface, InterfaceAddress, InterfaceKind } from '../model/index.ts';

/** An interface while a text is read. */
export interface InterfaceDraft {
  readonly name: string;
  kind: InterfaceKind;
  mtu: number;
  up: boolean;
  readonly addresses: InterfaceAddress[];
  master?: string;
  readonly fact: Fact;
}

/** An interface of which only the name is known: up, with the MTU of Ethernet. */
export const draftInterface = (name: string, kind: InterfaceKind, fact: Fact): InterfaceDraft => ({
  name, kind, mtu: 1500, up: true, addresses: [], fact,
}); // prettier-ignore

/** The drafts as interfaces, numbered as they come; a link is there wherever one is switched on. */
export const finishInterfaces = (drafts: Iterable<InterfaceDraft>): readonly Interface[] =>
  [...drafts].map((draft, i) => ({ ...draft, index: i + 1, carrier: draft.up }));

/** An address as configured. */
export const addressOf = (address: Address, length: number, fact: Fact): InterfaceAddress => ({
  address,
  length,
  scope: isLoopback(address) ? 'host' : address.family === 6 && isLinkLocal(address) ? 'link' : 'global',
  secondary: false,
  deprecated: false,
  fact,
});
