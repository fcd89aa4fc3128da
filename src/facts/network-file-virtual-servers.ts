import { parseIpvsadmSave, parseProcIpVs } from '../dialect/index.ts';
import type { Host, VirtualServer } from '../model/index.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import type { HostShape } from './schema.ts';

/** A host's virtual servers. */
export type VirtualServers = Pick<Host, 'virtualServers' | 'configuredServers'>;

/**
 * The virtual servers that a host's `ipvs` names, else those of its facts. Codes: `file-missing`, those of the parsers.
 */
export function readVirtualServers(
  host: string,
  shape: HostShape,
  facts: Partial<Host> | null,
  reader: NetworkFileReader,
): VirtualServers {
  const path = ['hosts', host, 'ipvs'];
  const text = shape.ipvs === undefined ? null : reader.text(shape.ipvs, path);
  const kernel: readonly VirtualServer[] | undefined = text
    ? reader.take((isProc(text.text) ? parseProcIpVs : parseIpvsadmSave)(text.text, text.source))
    : facts?.virtualServers;
  return { virtualServers: kernel ?? [] };
}

const isProc = (text: string): boolean => /^\s*IP Virtual Server version/.test(text);
