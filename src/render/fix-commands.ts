import { shellLine, shellWord } from '../dialect/index.ts';
import { iptablesCommands, isUfwChain, ufwCommands } from '../dialect/iptables/index.ts';
import { nftAddRuleCommands } from '../dialect/nftables/index.ts';
import { routeAddCommand, routeDelCommand, ruleAddCommand, ruleDelCommand } from '../dialect/iproute2/index.ts';
import { settingCommand, settingName, SETTINGS_FILE } from '../dialect/sysctl/index.ts';
import type { Fix } from '../diagnose/index.ts';
import { samePrefix } from '../ip/index.ts';
import { interfaceKey, setting, type Change, type Host, type Network, type Route } from '../model/index.ts';
import { checkCommands } from './cloud-commands.ts';
import { clientFileCommands, givenRoutes, irouteCommands, keptByOpenVpn } from './given-routes.ts';
import { persistRoute } from './persist-route.ts';
import { systemFix } from './system-fix.ts';
import { persistRule } from './persist-rule.ts';
import { virtualServerCommands } from './virtual-server-commands.ts';
import { peerCommands } from './wireguard-commands.ts';
import { writeLines } from './write-lines.ts';

/** What to type on one box, in order. Lines that start with `#` say what a person has to do. */
export interface HostCommands {
  readonly apply: readonly string[];
  readonly persist: readonly string[];
  readonly undo: readonly string[];
}

/**
 * The fix as commands by box, each in the box's own language: its system; on Linux what keeps its routes decides how they
 * last, its firewall decides between iptables and nft. Routes that a DHCP or OpenVPN server hands out are commands on that server. Undoing
 * goes backwards.
 */
export function fixCommands(network: Network, fix: Fix): Readonly<Record<string, HostCommands>> {
  const byBox = new Map<string, HostCommands>();
  const put = (box: string, more: HostCommands): void => {
    const own = byBox.get(box) ?? NOTHING;
    byBox.set(box, {
      apply: [...own.apply, ...more.apply],
      persist: [...own.persist, ...more.persist],
      undo: [...more.undo, ...own.undo],
    });
  };
  for (const change of fix.changes) {
    const host = network.hosts.get(change.host);
    if (host && !isGiven(change)) put(host.name, commandsFor(host, change));
  }
  for (const { box, commands } of givenRoutes(network, fix.changes)) put(box, commands);
  return Object.fromEntries(byBox);
}

const NOTHING: HostCommands = { apply: [], persist: [], undo: [] };

/** Handed out by a server instead of typed on the host. */
const isGiven = (change: Change): boolean =>
  change.kind === 'add-route' && change.by !== 'hand' && change.by !== 'openvpn';

function commandsFor(host: Host, change: Change): HostCommands {
  if (host.system !== undefined && host.system !== 'linux') return systemFix(host, host.system, change);
  switch (change.kind) {
    case 'add-route': {
      const kept = change.by === 'openvpn' ? keptByOpenVpn(change.route) : persistRoute(host, change.route);
      const remove = shellLine(routeDelCommand(change.route));
      return { apply: [shellLine(routeAddCommand(change.route))], persist: kept.persist, undo: [remove, ...kept.undo] };
    }
    case 'remove-route':
      return {
        apply: [shellLine(routeDelCommand(change.route))],
        persist: [`# take ${change.route.fact.text} out of where it is configured`],
        undo: [shellLine(routeAgainCommand(host, change.route))],
      };
    case 'set':
      return settingCommands(host, change.key, change.value);
    case 'add-iroute':
      return change.unread
        ? clientFileCommands(change, change.unread)
        : irouteCommands(change.commonName, change.prefix);
    case 'set-peer':
      return peerCommands(host, change);
    case 'add-policy-rule': {
      const kept = persistRule(host, change.rule);
      const remove = shellLine(ruleDelCommand(change.rule));
      return { apply: [shellLine(ruleAddCommand(change.rule))], persist: kept.persist, undo: [remove, ...kept.undo] };
    }
    case 'lift-check':
      return checkCommands(host, change.link);
    case 'set-virtual-server':
      return virtualServerCommands(host, change.server);
    case 'add-rule':
      return ruleCommands(host, change);
  }
}

/** Puts a removed route back: in front of another one to the same prefix, where `ip route add` finds it `File exists`. */
function routeAgainCommand(host: Host, route: Route): readonly string[] {
  const isBeside = host.routes.some(
    (r) =>
      r !== route &&
      samePrefix(r.prefix, route.prefix) &&
      r.table === route.table &&
      r.metric === route.metric &&
      r.tos === route.tos,
  );
  const words = routeAddCommand(route);
  return isBeside && route.prefix.address.family === 4 ? words.map((w) => (w === 'add' ? 'prepend' : w)) : words;
}

function settingCommands(host: Host, key: string, value: string): HostCommands {
  const line = `${settingName(key)} = ${value}`;
  const before = [key, ...alsoWritten(host, key)];
  return {
    apply: [shellLine(settingCommand(key, value))],
    persist: writeLines(SETTINGS_FILE, '>>', line),
    undo: [
      ...before.map((k) => shellLine(settingCommand(k, setting(host, k).value))),
      `# and take '${line}' out of ${SETTINGS_FILE}`,
    ],
  };
}

/**
 * Settings that the switch for forwarding writes as well and that taking it back leaves otherwise than they were
 * (Documentation/networking/ip-sysctl.rst, ip_forward).
 */
function alsoWritten(host: Host, key: string): readonly string[] {
  const family = key === 'ipv4/ip_forward' ? 4 : key === 'ipv6/conf/all/forwarding' ? 6 : null;
  if (family === null) return [];
  const was = Number(setting(host, key).value) > 0;
  const each = host.interfaces.map((i) => interfaceKey(family, i.name, 'forwarding'));
  const odd = each.filter((k) => host.settings.has(k) && Number(setting(host, k).value) > 0 !== was);
  const redirects = interfaceKey(4, 'all', 'accept_redirects');
  const isOther = family === 4 && host.settings.has(redirects) && Number(setting(host, redirects).value) > 0 === was;
  return [...odd, ...(isOther ? [redirects] : [])];
}

function ruleCommands(host: Host, change: Extract<Change, { kind: 'add-rule' }>): HostCommands {
  const { place, rule } = change;
  const tables = [...host.ruleset.tables, ...(change.newTable ? [change.newTable] : [])];
  const table = tables.find((t) => t.family === place.family && t.name === place.table);
  const chain = table?.chains.get(place.chain);
  const isIptables = table?.engine === 'iptables';
  const ufw = isIptables ? ufwCommands(place, rule, chain) : null;
  const words = ufw ?? (isIptables ? iptablesCommands(place, rule, chain) : null);
  if (words) {
    // iptables-persistent of Debian and Ubuntu does not go with ufw
    const persist = ufw ? '# ufw keeps it' : isUfwChain(place.chain) ? UFW_FORGETS : 'netfilter-persistent save';
    return { apply: [shellLine(words.add)], persist: [persist], undo: [shellLine(words.remove)] };
  }
  const nft = nftAddRuleCommands(place, rule, change.newTable);
  const apply = nft.apply.map(shellLine);
  if (place.table === 'firewalld') return { apply, persist: [FIREWALLD_FORGETS], undo: [nft.undo] };
  return {
    apply,
    persist: writeLines(nft.persist.file, '>>', nft.persist.lines.join('\n')),
    undo: [nft.undo, `# and take the lines out of ${shellWord(nft.persist.file)}`],
  };
}

const UFW_FORGETS = '# ufw forgets it at its next reload; to keep it, write such a rule into /etc/ufw/before.rules';
const FIREWALLD_FORGETS = '# firewalld forgets it at its next reload; a policy keeps it: docs/causes/forward-reject.md';
