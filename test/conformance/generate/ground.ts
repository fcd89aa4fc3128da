import type { Random } from '../../support/random.ts';
import { anyPrefix } from './routes.ts';
import { PORTS } from './rules.ts';
import { bare, familyOf, type Topology } from './topology.ts';

/** What the firewall rules of one host speak of. */
export class Ground {
  readonly random: Random;
  readonly topology: Topology;
  readonly devices: readonly string[];
  readonly own: readonly string[];
  /** Where the source ports of probes begin. */
  readonly firstPort: number;

  constructor(random: Random, topology: Topology, host: string, firstPort: number) {
    this.random = random;
    this.topology = topology;
    const self = topology.hosts.find((h) => h.name === host)!;
    this.devices = self.devices.map((d) => d.name);
    this.own = self.addresses.map((a) => bare(a.address));
    this.firstPort = firstPort;
  }

  /** Any address of the network; strangers where the family is not used. */
  address(family: 4 | 6): string {
    const all = this.topology.hosts
      .flatMap((h) => h.addresses.map((a) => bare(a.address)))
      .filter((a) => familyOf(a) === family);
    return all.length > 0 ? this.random.pick(all) : family === 4 ? '203.0.113.1' : '2001:db8:99::1';
  }

  /** An address of the host itself where it has one. */
  ownAddress(family: 4 | 6): string {
    const own = this.own.filter((a) => familyOf(a) === family);
    return own.length > 0 ? this.random.pick(own) : this.address(family);
  }

  /** An address block. */
  prefix(family: 4 | 6): string {
    return anyPrefix(this, family);
  }

  /** A destination port that probes use. */
  port(): number {
    return this.random.pick(PORTS);
  }

  /** A range of some of the probes' source ports. */
  sourcePorts(): readonly [number, number] {
    const from = this.firstPort + this.random.int(0, 50);
    return [from, from + this.random.int(0, 25)];
  }

  /** An interface, now and then `lo`. */
  dev(): string {
    return this.random.chance(0.1) ? 'lo' : this.random.pick(this.devices.length > 0 ? this.devices : ['lo']);
  }
}
