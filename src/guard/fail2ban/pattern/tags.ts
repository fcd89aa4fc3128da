const IPV4 = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;
const IPV6 = String.raw`(?:[0-9a-fA-F]{1,4}::?|::){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):)`;
const IP4 = `(?:::f{4,6}:)?(?P<ip4>${IPV4})`;
const IP6 = `(?P<ip6>${IPV6})`;
const DNS = String.raw`(?P<dns>[\w\-.^_]*\w)`;
const CIDR = String.raw`(?P<cidr>\d+)`;
const ADDR = String.raw`\[?(?:${IP4}|${IP6})\]?`;
const SUBNET = String.raw`\[?(?:${IP4}|${IP6})(?:/${CIDR})?\]?`;

// jail.conf(5), FILTER FILES: what stands for an address, a name, a port
const FIXED: Readonly<Record<string, string>> = {
  IP4,
  'F-IP4/': IP4,
  IP6,
  'F-IP6/': IP6,
  ADDR,
  'F-ADDR/': ADDR,
  CIDR,
  'F-CIDR/': CIDR,
  SUBNET,
  'F-SUBNET/': SUBNET,
  DNS,
  'F-DNS/': DNS,
  'F-ID/': String.raw`(?P<fid>\S+)`,
  'F-PORT/': String.raw`(?P<fport>\w+)`,
};

/** Names of groups that differ from those of their tags. */
const RENAMED: Readonly<Record<string, string>> = { id: 'fid', port: 'fport' };

/** The group in which a tag's text lands: `F-USER` in `user`. */
export function groupOfTag(name: string): string {
  const lower = name.toLowerCase();
  return RENAMED[lower] ?? lower;
}

/** Replaces fail2ban's tags by groups of Python's `re`. `<HOST>` is an address alone where names must not be looked up. */
export function expandTags(text: string, mayBeName: boolean): string {
  const opened = new Set<string>();
  let skips = 0;
  return text.replaceAll(/<\/?[\w-]+\/?>/g, (tag) => {
    const name = tag.slice(1, -1);
    if (name === 'HOST') return mayBeName ? `(?:${ADDR}|${DNS})` : ADDR;
    if (name === 'SKIPLINES') return String.raw`\n(?P<skiplines${skips++}>(?:(?:.*\n)*?))`;
    if (FIXED[name] !== undefined) return FIXED[name];
    const [, closes, own] = /^(\/?)F-([A-Z0-9_-]+)$/.exec(name) ?? [];
    if (own === undefined) return tag;
    if (closes === '/') return opened.has(own) ? ')' : tag;
    opened.add(own);
    return `(?P<${groupOfTag(own)}>`;
  });
}
