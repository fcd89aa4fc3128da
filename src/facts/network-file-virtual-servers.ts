import { dirname, isAbsolute, join } from 'node:path/posix';
import { parseIpvsadmSave, parseKeepalivedConf, parseProcIpVs, type KeepalivedInclude } from '../dialect/index.ts';
import type { Host, VirtualServer } from '../model/index.ts';
import { joinVirtualServers, type VirtualServers } from './join-virtual-servers.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import type { HostShape } from './schema.ts';

/**
 * The virtual servers that a host's `ipvs` and `keepalived` name, else those of its facts. Codes: `file-missing`,
 * `server-out`, those of the parsers.
 */
export function readVirtualServers(
  host: string,
  shape: HostShape,
  facts: Partial<Host> | null,
  reader: NetworkFileReader,
): VirtualServers {
  const kernel = kernelServers(['hosts', host, 'ipvs'], shape, reader);
  const configured = configuredServers(['hosts', host, 'keepalived'], shape, reader);
  if (!kernel && !configured) {
    const { virtualServers = [], configuredServers: inFacts } = facts ?? {};
    return { virtualServers, ...(inFacts && { configuredServers: inFacts }) };
  }
  const collected = facts?.virtualServers?.length ? facts.virtualServers : null;
  return joinVirtualServers(kernel ?? collected, configured ?? facts?.configuredServers ?? null, (d) => {
    reader.add([d]);
  });
}

type Path = Parameters<NetworkFileReader['text']>[1];

function kernelServers(path: Path, shape: HostShape, reader: NetworkFileReader): readonly VirtualServer[] | null {
  const text = shape.ipvs === undefined ? null : reader.text(shape.ipvs, path);
  if (!text) return null;
  const parse = /^\s*IP Virtual Server version/.test(text.text) ? parseProcIpVs : parseIpvsadmSave;
  return reader.take(parse(text.text, text.source));
}

function configuredServers(path: Path, shape: HostShape, reader: NetworkFileReader): readonly VirtualServer[] | null {
  const text = shape.keepalived === undefined ? null : reader.text(shape.keepalived, path);
  if (!text) return null;
  // Keepalived looks for included files in the folder of the file that names them
  const include: KeepalivedInclude = (pattern, source) =>
    reader.included(isAbsolute(pattern) ? pattern : join(dirname(source), pattern));
  return reader.take(parseKeepalivedConf(text.text, text.source, include));
}
