import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { SYSTEMS } from '../model/index.ts';

// `zod/mini` and one language, because starting fast matters more than the chained way of writing. `jitless`: compiling
// a checker costs more than the one file that is checked with it
z.config({ ...en(), jitless: true });

const NAME = '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,62}$';
const name = z
  .string()
  .check(z.regex(new RegExp(NAME, 'u'), 'a name is letters, digits, dots, dashes and underscores, at most 63'));
const text = z.string();
// net/core/dev.c, dev_valid_name
const interfaceName = text.check(
  z.regex(
    /^(?!\.\.?$)[^\s/:\p{Cc}]{1,15}$/u,
    'an interface name has 1 to 15 characters, no space, no slash and no colon',
  ),
);
const texts = z.union([text, z.array(text)]);
/** The type with words that editors show. */
const said = <T extends z.ZodMiniType>(words: string, type: T): T => type.check(z.describe(words));

const mtu = said('Largest packet in bytes; 1500 when not said', z.int().check(z.minimum(68), z.maximum(65535)));
const textOrFile = said('A file name, or the text itself (with a line break in it, or starting with `{`)', text);

const attachment = z.strictObject({
  interface: z.optional(interfaceName),
  addresses: said('Addresses, with or without /length', z.optional(texts)),
  mtu: z.optional(mtu),
  up: said('Whether it is switched on; true when not said', z.optional(z.boolean())),
  mac: z.optional(
    text.check(z.regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/, 'a MAC address is six pairs of hex digits')),
  ),
});

const publicKey = text.check(
  z.regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'a key of WireGuard has 44 characters and ends with ='),
);

const openVpnProcess = z.strictObject({
  config: textOrFile,
  ccd: said('Client directory: common name to its file or text', z.optional(z.record(text, textOrFile))),
  status: said('The status file', z.optional(textOrFile)),
  'common-name': said('Common name of a client; its host name when not said', z.optional(text)),
});

const wireGuardFile = z.strictObject({
  config: said('A file of wg-quick, or its text; private and preshared keys are not kept', textOrFile),
  interface: said('The interface; else called after the file, else wg0', z.optional(interfaceName)),
  'public-key': said('Its own public key, where the file has no private one', z.optional(publicKey)),
});

const loose = z.omit(attachment, { interface: true });

const scalar = z.union([text, z.number(), z.boolean()]);

const host = z.strictObject({
  on: said(
    'Networks this host is on, each with its address, several, or interfaces',
    z.optional(z.record(name, z.union([text, z.array(z.union([text, attachment])), attachment]))),
  ),
  interfaces: said(
    'Interfaces on no network: lo, dummy0, tun0',
    z.optional(z.record(interfaceName, z.union([text, z.array(text), loose]))),
  ),
  forwards: said('Whether it forwards packets (IPv4 and IPv6)', z.optional(z.boolean())),
  routes: said('Routes, in the words of `ip route add`', z.optional(z.array(text))),
  rules: said('Policy rules, in the words of `ip rule add`', z.optional(z.array(text))),
  settings: said('Kernel settings, in the words of sysctl', z.optional(z.record(text, scalar))),
  iptables: said('Output of iptables-save', z.optional(textOrFile)),
  ip6tables: said('Output of ip6tables-save', z.optional(textOrFile)),
  'nft-json': said('Output of `nft -j list ruleset`', z.optional(textOrFile)),
  filter: said(
    'Packet filter: `none`, or either of the outputs above, told apart by itself',
    z.optional(z.union([textOrFile, z.array(textOrFile)])),
  ),
  ipset: said('Output of `ipset save`', z.optional(textOrFile)),
  facts: said(
    'A bundle of `waymark collect`, output of `ip route` or `ip -j addr`, or what another system says of itself (`netstat -rn`, `ifconfig`, …)',
    z.optional(text),
  ),
  system: said('What runs on it; linux when neither this nor its facts say', z.optional(z.enum(SYSTEMS))),
  openvpn: said(
    'OpenVPN configuration',
    z.optional(z.union([textOrFile, openVpnProcess, z.array(z.union([textOrFile, openVpnProcess]))])),
  ),
  wireguard: said(
    'A file of wg-quick',
    z.optional(z.union([textOrFile, wireGuardFile, z.array(z.union([textOrFile, wireGuardFile]))])),
  ),
  keepalived: said(
    'Configuration of Keepalived; counts where ipvs does not say what the kernel has',
    z.optional(textOrFile),
  ),
  ipvs: said('Output of `ipvsadm-save -n`, or /proc/net/ip_vs', z.optional(textOrFile)),
  manager: said('Who keeps its routes over a reboot', z.optional(z.enum(['netplan', 'networkd', 'ifupdown', 'nmcli']))),
});

const network = z.strictObject({
  prefixes: said('Its address blocks', z.optional(texts)),
  kind: said('`internet` carries public addresses only', z.optional(z.enum(['lan', 'internet']))),
  complete: said(
    'Whether everything on it is in this file; true when not said, false for the internet',
    z.optional(z.boolean()),
  ),
  unchecked: said(
    "A cloud's network: the hosts whose source/destination check is off; it drops what the others send or get for somebody else",
    z.optional(z.union([name, z.array(name)])),
  ),
});

/** The shape of a network file; what its texts mean is read afterwards. */
export const networkFileSchema = said(
  'A network for Waymark',
  z.strictObject({
    networks: said('Links by name: a prefix, or `internet`', z.optional(z.record(name, z.union([text, network])))),
    hosts: said('Boxes by name', z.optional(z.record(name, z.union([host, z.null()])))),
    expect: said(
      'What should work: `A reaches B by ping`, `A reaches B on tcp/22`, `A cannot reach B`',
      z.optional(z.array(text)),
    ),
  }),
);

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
  if (key === 'wireguard') return wireGuardFile.shape;
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
/** One interface of a host as written below `interfaces`. */
export type LooseShape = z.infer<typeof loose>;
/** One OpenVPN process as written. */
export type OpenVpnShape = z.infer<typeof openVpnProcess>;
/** One file of wg-quick as written. */
export type WireGuardShape = z.infer<typeof wireGuardFile>;

/** The JSON Schema of network files, for editors. */
export const networkFileJsonSchema = (): unknown => ({
  title: 'Waymark network',
  ...z.toJSONSchema(networkFileSchema),
});
