import { z } from 'zod';

const NAME = '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,62}$';
const name = z
  .string()
  .regex(new RegExp(NAME, 'u'), 'a name is letters, digits, dots, dashes and underscores, at most 63');
const text = z.string();
const texts = z.union([text, z.array(text)]);
const mtu = z.int().min(68).max(65535).describe('Largest packet in bytes; 1500 when not said');
const textOrFile = text.describe('A file name, or the text itself (with a line break in it, or starting with `{`)');

const attachment = z.strictObject({
  interface: text.regex(/^[^\s/]{1,15}$/, 'an interface name has 1 to 15 characters, no space and no slash').optional(),
  addresses: texts.optional().describe('Addresses, with or without /length'),
  mtu: mtu.optional(),
  up: z.boolean().optional().describe('Whether it is switched on; true when not said'),
  mac: text.regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/, 'a MAC address is six pairs of hex digits').optional(),
});

const openVpnProcess = z.strictObject({
  config: textOrFile,
  ccd: z.record(text, textOrFile).optional().describe('Client directory: common name to its file or text'),
  status: textOrFile.optional().describe('The status file'),
  'common-name': text.optional().describe('Common name of a client; its host name when not said'),
});

const loose = z.strictObject({ addresses: texts.optional(), mtu: mtu.optional(), up: z.boolean().optional() });

const scalar = z.union([text, z.number(), z.boolean()]);

const host = z.strictObject({
  on: z
    .record(name, z.union([text, z.array(z.union([text, attachment])), attachment]))
    .optional()
    .describe('Networks this host is on, each with its address, several, or interfaces'),
  interfaces: z
    .record(text, z.union([text, z.array(text), loose]))
    .optional()
    .describe('Interfaces on no network: lo, dummy0, tun0'),
  forwards: z.boolean().optional().describe('Whether it forwards packets (IPv4 and IPv6)'),
  routes: z.array(text).optional().describe('Routes, in the words of `ip route add`'),
  rules: z.array(text).optional().describe('Policy rules, in the words of `ip rule add`'),
  settings: z.record(text, scalar).optional().describe('Kernel settings, in the words of sysctl'),
  iptables: textOrFile.optional().describe('Output of iptables-save'),
  ip6tables: textOrFile.optional().describe('Output of ip6tables-save'),
  'nft-json': textOrFile.optional().describe('Output of `nft -j list ruleset`'),
  filter: z
    .union([textOrFile, z.array(textOrFile)])
    .optional()
    .describe('Packet filter: `none`, or either of the outputs above, told apart by itself'),
  ipset: textOrFile.optional().describe('Output of `ipset save`'),
  facts: text.optional().describe('A bundle of `waymark collect`, or output of `ip route` or `ip addr`'),
  openvpn: z
    .union([textOrFile, openVpnProcess, z.array(z.union([textOrFile, openVpnProcess]))])
    .optional()
    .describe('OpenVPN configuration'),
  manager: z
    .enum(['netplan', 'networkd', 'ifupdown', 'nmcli'])
    .optional()
    .describe('Who keeps its routes over a reboot'),
});

const network = z.strictObject({
  prefixes: texts.optional().describe('Its address blocks'),
  kind: z.enum(['lan', 'internet']).optional().describe('`internet` carries public addresses only'),
  complete: z
    .boolean()
    .optional()
    .describe('Whether everything on it is in this file; true when not said, false for the internet'),
});

/** The shape of a network file; what its texts mean is read afterwards. */
export const networkFileSchema = z
  .strictObject({
    networks: z
      .record(name, z.union([text, network]))
      .optional()
      .describe('Links by name: a prefix, or `internet`'),
    hosts: z
      .record(name, z.union([host, z.null()]))
      .optional()
      .describe('Boxes by name'),
    expect: z
      .array(text)
      .optional()
      .describe('What should work: `A reaches B by ping`, `A reaches B on tcp/22`, `A cannot reach B`'),
  })
  .describe('A network for Waymark');

/** The keys that may stand in the map at this path; empty where any may. */
export function knownKeys(path: readonly (string | number)[]): readonly string[] {
  const [top, , key] = path;
  const shape =
    path.length === 0 ? networkFileSchema.shape : top === 'networks' ? network.shape : hostShapeAt(path.length, key);
  return Object.keys(shape);
}

function hostShapeAt(depth: number, key: string | number | undefined): object {
  if (depth <= 2) return host.shape;
  if (key === 'openvpn') return openVpnProcess.shape;
  if (key === 'interfaces') return loose.shape;
  return key === 'on' ? attachment.shape : {};
}

/** A network file as written, once its shape is right. */
export type NetworkFileShape = z.infer<typeof networkFileSchema>;
/** One network as written, when more than its prefix is said. */
export type NetworkShape = z.infer<typeof network>;
/** One host of a network file as written. */
export type HostShape = z.infer<typeof host>;
/** One interface of a host as written below `on`. */
export type AttachmentShape = z.infer<typeof attachment>;
/** One OpenVPN process as written. */
export type OpenVpnShape = z.infer<typeof openVpnProcess>;

/** The JSON Schema of network files, for editors. */
export const networkFileJsonSchema = (): unknown => ({
  $id: 'https://waymark.invalid/schema/network.schema.json',
  title: 'Waymark network',
  ...z.toJSONSchema(networkFileSchema),
});
