import { bsdFactsOf, bsdSystem } from '../dialect/index.ts';
import type { Host, System } from '../model/index.ts';
import { sectionOf } from './bundle.ts';
import { hostFromSystem } from './host-from-system.ts';
import type { Kernel } from './host-from-bundle-kernel.ts';
import { isGood, noteFailure, sourceOf, type Reading } from './host-from-bundle-reading.ts';

/** Which of macOS and the BSDs the bundle is of; null for Linux. */
export function bsdOf({ bundle }: Reading): System | null {
  const said = ['uname -sr', 'cat /etc/platform', 'opnsense-version'].map((c) => sectionOf(bundle, c)?.text ?? '');
  return /^(Darwin|\w*BSD|DragonFly)\b/.test(said[0]!) ? bsdSystem(said.reverse().join('')) : null;
}

/** What its programs say of it. Neighbours and packet filters are not asked for. */
export function readBsd(reading: Reading, system: System): Kernel & Pick<Host, 'system'> {
  const said = (command: string): { text: string; source: string } => {
    const section = sectionOf(reading.bundle, command);
    if (!isGood(section)) noteFailure(reading, command, command.startsWith('sysctl') ? 'warning' : 'error');
    return { text: isGood(section) ? section.text : '', source: sourceOf(reading.bundle, command) };
  };
  const { value, diagnostics } = bsdFactsOf(
    {
      netstat: said('netstat -rn'),
      ifconfig: said('ifconfig -a'),
      get: { text: '', source: '' },
      sysctl: said('sysctl net.inet.ip.forwarding net.inet6.ip6.forwarding'),
    },
    system,
  );
  reading.diagnostics.push(...diagnostics);
  return { ...hostFromSystem(value), neighbours: [] };
}
