import { readYaml } from '../yaml/index.ts';
import type { NetplanSection } from './print.ts';

/** An interface that a netplan file declares. */
export interface NetplanId {
  /** What it is called in the file. */
  readonly id: string;
  /** What the kernel calls it, where the file gives it a name. */
  readonly name: string | undefined;
  readonly section: NetplanSection;
}

const SECTIONS: readonly NetplanSection[] = ['ethernets', 'wifis', 'bridges', 'bonds', 'vlans', 'tunnels'];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The interfaces of a netplan file; none where it can not be read. Source: netplan(5). */
export function netplanIds(text: string): readonly NetplanId[] {
  const value = readYaml(text, 'netplan').value?.value;
  const network = isRecord(value) && isRecord(value['network']) ? value['network'] : {};
  return SECTIONS.flatMap((section) => {
    const own = network[section];
    return Object.entries(isRecord(own) ? own : {}).map(([id, said]) => {
      const name = isRecord(said) ? said['set-name'] : undefined;
      return { id, name: typeof name === 'string' ? name : undefined, section };
    });
  });
}
