import type { Parsed } from '../ip/index.ts';
import { emptyRuleset, type Host } from '../model/index.ts';
import type { Bundle } from './bundle.ts';
import { bsdOf, readBsd } from './host-from-bundle-bsd.ts';
import { nameFact, nameOf, readKernel } from './host-from-bundle-kernel.ts';
import { readManager } from './host-from-bundle-manager.ts';
import { readOpenVpn } from './host-from-bundle-openvpn.ts';
import type { Reading } from './host-from-bundle-reading.ts';
import { readRuleset } from './host-from-bundle-ruleset.ts';
import { readVirtualServers } from './host-from-bundle-virtual-servers.ts';
import { readWireGuard } from './host-from-bundle-wireguard.ts';

/** How to read a bundle. */
export interface HostFromBundleOptions {
  /** The host's name in the network; else its namespace's, else its own. */
  readonly name?: string;
}

/**
 * The host that a bundle is of. Facts have `BUNDLE: COMMAND` as their source and lines of that command's output.
 * What could not be read is said (`privilege-missing`, `command-failed`, `fact-unreadable`, `openvpn-not-running`) and
 * left empty; `ruleset.known` is then false. Other codes are those of the dialects.
 */
export function hostFromBundle(bundle: Bundle, options: HostFromBundleOptions = {}): Parsed<Host> {
  const reading: Reading = { bundle, diagnostics: [] };
  const system = bsdOf(reading);
  const kernel = system === null ? readKernel(reading) : readBsd(reading, system);
  const value: Host = {
    name: options.name ?? nameOf(reading),
    ...kernel,
    ruleset: system === null ? readRuleset(reading) : emptyRuleset(false),
    openvpn: readOpenVpn(reading, kernel.interfaces),
    ...readVirtualServers(reading),
    ...readWireGuard(reading),
    knowledge: 'collected',
    manager: readManager(reading, kernel.interfaces),
    fact: nameFact(reading),
  };
  return { value, diagnostics: reading.diagnostics };
}
