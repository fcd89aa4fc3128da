import { formatAddress, sameAddress, type Diagnostic } from '../ip/index.ts';
import { probeHttp, type Machine } from '../host/index.ts';
import type { PageServer } from './enforce/engine.ts';
import { aliveInIpvs, IPVS_FILE } from './enforce/ipvs-alive.ts';
import { keepalivedProcess } from './enforce/keepalived-process.ts';
import { HEALTH_PATH } from './enforce/keepalived-text.ts';
import type { Guard } from './guard.ts';
import type { GuardSettings } from './settings.ts';

const PATIENCE_MS = 2000;

const list = (servers: readonly PageServer[]): string => servers.map((s) => formatAddress(s.address)).join(', ');

/** That other page servers answer than before. */
export interface PageChange {
  readonly alive: readonly PageServer[];
  /** What went wrong, and what there is to say of it: `page-gone`, `keepalived-not-running`. */
  readonly faults: readonly Diagnostic[];
}

interface Looked extends Pick<PageChange, 'alive'> {
  /** The servers that visitors are led to. */
  readonly led: readonly PageServer[];
  /** Servers that the kernel leads to and that do not answer. */
  readonly silent: readonly PageServer[];
  /** No Keepalived runs that should. */
  readonly isDown: boolean;
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
    const { servers, sorry, way, keepalived } = this.#settings.delivery;
    const isDown = way === 'keepalived' && (await keepalivedProcess(this.#machine, keepalived.pid)) === null;
    const listed = way === 'keepalived' ? await this.#inIpvs() : null;
    // what a Keepalived left behind that is gone stays in the kernel as it was, whoever answers
    const inIpvs = listed && isDown ? await this.#answering(listed) : listed;
    const alive =
      inIpvs?.filter((s) => !sorry.some((a) => sameAddress(a, s.address))) ?? (await this.#answering(servers));
    const led = inIpvs ?? (alive.length > 0 ? alive : sorry.map((address) => ({ address, weight: 1 })));
    const silent = (listed ?? []).filter((s) => !inIpvs?.includes(s));
    const warnings = this.#warnings({ alive, led, silent, isDown });
    const key = [
      ...led.map((s) => `${formatAddress(s.address)} ${s.weight}`),
      ...warnings.map((w) => `${w.message} ${w.hint}`),
    ].join();
    if (key === this.#known) return;
    const faults = await this.#guard.lead(led, warnings);
    if (faults.length === 0) this.#known = key;
    this.#tell({ alive, faults: [...faults, ...warnings] });
  }

  #warnings({ alive, led, silent, isDown }: Looked): readonly Diagnostic[] {
    const { gone, way, keepalived } = this.#settings.delivery;
    const down = `Keepalived does not run (${keepalived.pid})`;
    if (alive.length === 0) {
      const polite = led.length > 0 ? `are led to ${list(led)}` : 'are refused';
      const message = `no page server answers: blocked visitors ${gone === 'open' ? 'see the site' : polite}`;
      const asked = `has ${keepalived.config} the line \`include ${keepalived.include}\`, and do the page servers answer Keepalived?`;
      const hint = isDown ? `${down}: start it` : asked;
      return [{ code: 'page-gone', severity: 'warning', message, ...(way === 'keepalived' && { hint }) }];
    }
    if (!isDown) return [];
    const still = `, and nobody takes one out that does not answer`;
    const dead = `: some of them to ${list(silent)}, and nobody there answers`;
    const message = `${down}: blocked visitors are led to ${list([...led, ...silent])}${silent.length > 0 ? dead : still}`;
    return [{ code: 'keepalived-not-running', severity: 'warning', message, hint: 'start it' }];
  }

  /** Keepalived takes those that do not answer out of the kernel's list by itself. */
  async #inIpvs(): Promise<readonly PageServer[]> {
    const listing = await this.#machine.readFile(IPVS_FILE);
    return (listing.ok && aliveInIpvs(listing.value, this.#settings.delivery.keepalived.mark)) || [];
  }

  /** One that does not answer is asked once more. Where connecting is enough for Keepalived, any answer is enough here. */
  async #answering(servers: readonly PageServer[]): Promise<readonly PageServer[]> {
    const { ports, delivery } = this.#settings;
    const isAnyEnough = delivery.way === 'keepalived' && delivery.keepalived.check === 'tcp';
    const asked = ports.find((p) => !p.tls) ?? ports[0]!;
    const isAlive = async ({ address }: PageServer): Promise<boolean> => {
      const probe = { address: formatAddress(address), port: asked.page, tls: asked.tls };
      const status = await probeHttp({ ...probe, path: HEALTH_PATH, timeoutMs: PATIENCE_MS });
      return isAnyEnough ? status !== null : status === 200;
    };
    const answers = await Promise.all(servers.map(async (s) => (await isAlive(s)) || isAlive(s)));
    return servers.filter((_, i) => answers[i]);
  }
}
