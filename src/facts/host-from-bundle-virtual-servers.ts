import { dirname, isAbsolute, join } from 'node:path/posix';
import { parseIpvsadmSave, parseKeepalivedConf, parseProcIpVs, type KeepalivedInclude } from '../dialect/index.ts';
import type { VirtualServer } from '../model/index.ts';
import { sectionOf, type BundleSection } from './bundle.ts';
import { isGood, readSection, sourceOf, type Reading } from './host-from-bundle-reading.ts';
import { joinVirtualServers, type VirtualServers } from './join-virtual-servers.ts';
import { matchesWildcards } from './wildcards.ts';

const SAVE = 'ipvsadm-save -n';
const PROC = 'cat /proc/net/ip_vs';

/**
 * The host's virtual servers. A host without /proc/net/ip_vs has none, whatever keepalived.conf says. Codes: `server-out`,
 * those of the parsers.
 */
export function readVirtualServers(reading: Reading): VirtualServers {
  const configured = configuredServers(reading);
  return joinVirtualServers(kernelServers(reading), configured, (d) => reading.diagnostics.push(d));
}

/** Bundles made before IPVS was collected have neither section: then there is nothing to compare either. */
function kernelServers(reading: Reading): readonly VirtualServer[] {
  if (isGood(sectionOf(reading.bundle, SAVE))) return readSection(reading, SAVE, parseIpvsadmSave, []);
  return sectionOf(reading.bundle, PROC) ? readSection(reading, PROC, parseProcIpVs, []) : [];
}

/** Of the configurations that Keepalived runs with, or the usual one; null without any. */
function configuredServers(reading: Reading): readonly VirtualServer[] | null {
  const lines = sectionOf(reading.bundle, 'keepalived')?.text.split('\n') ?? [];
  const running = lines.filter((l) => l.startsWith('running '));
  const named = (running.length > 0 ? running : lines.slice(0, 1)).map((l) => l.replace(/^\S+ /, ''));
  const files = named.filter((name) => isGood(sectionOf(reading.bundle, `file ${name}`)));
  if (files.length === 0) return null;
  const include = includeFrom(reading);
  const parse = (text: string, source: string): ReturnType<typeof parseKeepalivedConf> =>
    parseKeepalivedConf(text, source, include);
  return files.flatMap((name) => readSection(reading, `file ${name}`, parse, []));
}

/** Included files count from the folder of the file that names them. */
function includeFrom(reading: Reading): KeepalivedInclude {
  const { bundle } = reading;
  const pathOf = ({ command }: BundleSection): string => command.slice('file '.length);
  const isFile = (s: BundleSection): s is BundleSection & { code: 0 } => s.command.startsWith('file ') && isGood(s);
  return (pattern, source) => {
    const own = source.slice(`${bundle.source}: `.length);
    const full = isAbsolute(pattern) ? pattern : join(dirname(own), pattern);
    return bundle.sections
      .filter((s) => isFile(s) && matchesWildcards(pathOf(s), full))
      .map((s) => ({ text: s.text, source: sourceOf(bundle, s.command) }));
  };
}
