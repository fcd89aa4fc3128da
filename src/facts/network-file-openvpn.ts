import { WRONG, type Path } from '../dialect/yaml/index.ts';
import type { OpenVpn } from '../model/index.ts';
import {
  joinOpenVpn,
  parseCcdFile,
  parseOpenVpnConfig,
  parseOpenVpnStatus,
  type CcdFile,
} from '../dialect/openvpn/index.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import type { HostShape, OpenVpnShape } from './schema.ts';

/** An OpenVPN process as the network file describes it. */
export interface WrittenOpenVpn {
  readonly process: OpenVpn;
  /** The name in a client's certificate. */
  readonly commonName: string;
}

/** A host's OpenVPN processes. Codes: those of the OpenVPN parsers, `file-missing`. */
export function readOpenVpn(host: string, shape: HostShape, reader: NetworkFileReader): readonly WrittenOpenVpn[] {
  const value = shape.openvpn;
  if (value === undefined) return [];
  const path = ['hosts', host, 'openvpn'];
  const several = Array.isArray(value) ? value.map((v, i) => ({ value: v, at: [...path, i] })) : [{ value, at: path }];
  return several.flatMap(({ value: one, at }) => {
    if (one === WRONG) return [];
    const inner = typeof one === 'string' ? at : [...at, 'config'];
    const process = readProcess(typeof one === 'string' ? { config: one } : one, { at, inner }, reader);
    const said = typeof one === 'string' ? undefined : one['common-name'];
    if (!process) return [];
    return [{ process: said === undefined ? process : { ...process, commonName: said }, commonName: said ?? host }];
  });
}

function readProcess(
  shape: OpenVpnShape,
  { at, inner }: { at: Path; inner: Path },
  reader: NetworkFileReader,
): OpenVpn | null {
  const text = reader.text(shape.config, inner);
  if (!text) return null;
  const include = (name: string): { text: string; source: string } | undefined => reader.file(name, inner) ?? undefined;
  const config = reader.take(parseOpenVpnConfig(text.text, text.source, include));
  const ccd = new Map<string, CcdFile>();
  for (const [name, value] of Object.entries(shape.ccd ?? {})) {
    const file = value === WRONG ? null : reader.text(value, [...at, 'ccd', name]);
    if (file) ccd.set(name, reader.take(parseCcdFile(file.text, file.source)));
  }
  const statusText = shape.status === undefined ? null : reader.text(shape.status, [...at, 'status']);
  const status = statusText ? reader.take(parseOpenVpnStatus(statusText.text, statusText.source)) : undefined;
  return reader.take(joinOpenVpn(config, ccd, status));
}
