import type { Address } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import type { Packet } from './packet.ts';
import type { Hop, Step } from './step.ts';

/** How a hop ends: by which interface and link the packet leaves, or nowhere. */
export interface HopEnd {
  readonly out: string | null;
  readonly via: Address | null;
  readonly link: string | null;
  readonly packet: Packet;
}

/** Collects the steps of one hop while the packet is inside the host. */
export class HopBuilder {
  readonly host: Host;
  /** Where the packet came in; null where it starts. */
  readonly dev: string | null;
  readonly before: Packet;
  readonly #steps: Step[] = [];

  constructor(host: Host, dev: string | null, packet: Packet) {
    this.host = host;
    this.dev = dev;
    this.before = packet;
  }

  readonly record = (step: Step): void => {
    this.#steps.push(step);
  };

  /** Whether routing was asked; what comes over `lo` was routed when it was sent. */
  get isRouted(): boolean {
    return this.dev === 'lo' || this.#steps.some((s) => s.action.kind === 'routed' || s.action.kind === 'not-routed');
  }

  /** Whether routing sent the packet to this host itself; what comes over `lo` was sent so. */
  get routedHere(): boolean {
    const action = this.#steps.findLast((s) => s.action.kind === 'routed')?.action;
    return (action?.kind === 'routed' ? action.dev : this.dev) === 'lo';
  }

  /** The finished hop. */
  finish(end: HopEnd): Hop {
    const { out, via, link, packet } = end;
    return {
      host: this.host.name,
      in: this.dev,
      out,
      via,
      link,
      before: this.before,
      after: packet,
      steps: this.#steps,
    };
  }
}
