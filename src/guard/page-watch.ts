import { formatAddress, sameAddress, type Diagnostic } from '../ip/index.ts';
import { probeHttp, type Machine } from '../host/index.ts';
import type { PageServer } from './enforce/engine.ts';
import { aliveInIpvs, IPVS_FILE } from './enforce/ipvs-alive.ts';
import { HEALTH_PATH } from './enforce/keepalived-text.ts';
import type { Guard } from './guard.ts';
import type { GuardSettings } from './settings.ts';

const PATIENCE_MS = 2000;

/** That other page servers answer than before. */
export interface PageChange {
  readonly alive: readonly PageServer[];
  /** Whom blocked visitors are led to: these, or the sorry server, or nobody. */
  readonly led: readonly PageServer[];
  readonly faults: readonly Diagnostic[];
}

/** Looks which page servers answer, and has the guard lead to those alone. */
export class PageWatch {
  readonly #machine: Machine;
  readonly #guard: Guard;
  readonly #settings: GuardSettings;
  readonly #tell: (change: PageChange) => void;
  #known: string | null = null;
  #isLooking = false;

  constructor(machine: Machine, guard: Guard, settings: GuardSettings, tell: (change: PageChange) => void) {
    this.#machine = machine;
    this.#guard = guard;
    this.#settings = settings;
    this.#tell = tell;
  }

  /** What has to be done each second or so; nothing while it is at it already. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#look();
    } finally {
      this.#isLooking = false;
    }
  }

  async #look(): Promise<void> {
    const { servers, sorry, way } = this.#settings.delivery;
    const inIpvs = way === 'keepalived' ? await this.#inIpvs() : null;
    const alive =
      inIpvs?.filter((s) => !sorry.some((a) => sameAddress(a, s.address))) ?? (await this.#answering(servers));
    const led = inIpvs ?? (alive.length > 0 ? alive : sorry.map((address) => ({ address, weight: 1 })));
    const key = led.map((s) => `${formatAddress(s.address)} ${s.weight}`).join();
    if (key === this.#known) return;
    const faults = await this.#guard.lead(led);
    if (faults.length === 0) this.#known = key;
    this.#tell({ alive, led, faults });
  }

  /** Keepalived takes those that do not answer out of the kernel's list by itself. */
  async #inIpvs(): Promise<readonly PageServer[]> {
    const listing = await this.#machine.readFile(IPVS_FILE);
    return (listing.ok && aliveInIpvs(listing.value, this.#settings.delivery.keepalived.mark)) || [];
  }

  /** One that does not answer is asked once more. */
  async #answering(servers: readonly PageServer[]): Promise<readonly PageServer[]> {
    const { ports } = this.#settings;
    const asked = ports.find((p) => !p.tls) ?? ports[0]!;
    const isAlive = async ({ address }: PageServer): Promise<boolean> => {
      const probe = { address: formatAddress(address), port: asked.page, tls: asked.tls };
      return (await probeHttp({ ...probe, path: HEALTH_PATH, timeoutMs: PATIENCE_MS })) === 200;
    };
    const answers = await Promise.all(servers.map(async (s) => (await isAlive(s)) || isAlive(s)));
    return servers.filter((_, i) => answers[i]);
  }
}
