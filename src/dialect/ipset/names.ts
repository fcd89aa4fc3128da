import { PROTOCOLS } from '../protocols.ts';

/** What iptables-save and ipset write instead of protocol numbers: names of /etc/protocols, and those iptables adds itself. */
const WITH_OWN: Readonly<Record<string, number>> = {
  ...PROTOCOLS,
  'ipv6-crypt': 50,
  'ipv6-auth': 51,
  icmp6: 58,
  'ipv6-mh': 135,
  mh: 135,
};

/** Service names of /etc/services that people write instead of a port; the lists of iptables and ipset use numbers. */
const SERVICES: Readonly<Record<string, number>> = {
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  mail: 25,
  time: 37,
  whois: 43,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  www: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  auth: 113,
  nntp: 119,
  ntp: 123,
  'netbios-ns': 137,
  'netbios-dgm': 138,
  'netbios-ssn': 139,
  imap2: 143,
  imap: 143,
  snmp: 161,
  'snmp-trap': 162,
  bgp: 179,
  irc: 194,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  isakmp: 500,
  submissions: 465,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  'domain-s': 853,
  rsync: 873,
  imaps: 993,
  pop3s: 995,
  openvpn: 1194,
  'ms-sql-s': 1433,
  radius: 1812,
  nfs: 2049,
  mysql: 3306,
  'ipsec-nat-t': 4500,
  sip: 5060,
  'sip-tls': 5061,
  mdns: 5353,
  postgresql: 5432,
  x11: 6000,
  redis: 6379,
  'http-alt': 8080,
};

const own = (table: Readonly<Record<string, number>>, key: string): number | null =>
  Object.hasOwn(table, key) ? table[key]! : null;

/** A protocol by name (any case) or number, 0..255; null when it is none. */
export function protocolNumber(text: string): number | null {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : null;
  return own(WITH_OWN, text.toLowerCase());
}

/** A port by number or by a common service name, 0..65535; null when it is none. */
export function portNumber(text: string): number | null {
  if (/^\d{1,5}$/.test(text)) return Number(text) <= 65535 ? Number(text) : null;
  return own(SERVICES, text);
}
