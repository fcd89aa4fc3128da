import { shellLine, shellWord } from '../dialect/index.ts';
import { ruleAddCommand, ruleDelCommand } from '../dialect/iproute2/index.ts';
import { connectionNameCommand } from '../dialect/nmcli/index.ts';
import { formatPrefix } from '../ip/index.ts';
import type { Host, NetworkManager, Rule } from '../model/index.ts';
import type { Keeping } from './persist-route.ts';
import { writeLines } from './write-lines.ts';

/**
 * The policy rule in the language of what keeps the host's routes: those that fixes add, by mark, or by source address,
 * protocol and source port. Lines that start with `#` say what a person has to do.
 */
export function persistRule(host: Host, rule: Rule): Keeping {
  return LANGUAGES[host.manager]?.(rule, deviceOf(host)) ?? { persist: [UNKNOWN(host.name)], undo: [] };
}

const UNKNOWN = (host: string): string =>
  `# what keeps the rules of ${host} over a reboot is not known: run the command at every start`;

/** Any will do: rules belong to no interface, only the files do. */
const deviceOf = (host: Host): string => host.interfaces.find((i) => i.name !== 'lo')?.name ?? 'lo';

const tableOf = ({ action }: Rule): number => (action.kind === 'table' ? action.table : 0);

const LANGUAGES: Readonly<Record<NetworkManager, ((rule: Rule, dev: string) => Keeping) | null>> = {
  netplan: withNetplan,
  networkd: (rule, dev) => ({
    persist: [`# in the .network file that 'networkctl status ${dev}' names:`, ...asComment(networkdLines(rule))],
    undo: [],
  }),
  ifupdown: (rule, dev) => ({
    persist: [
      `# in /etc/network/interfaces, below the addresses of ${dev}:`,
      ...asComment([
        `    up ${shellLine(ruleAddCommand(rule))} || true`,
        `    down ${shellLine(ruleDelCommand(rule))} || true`,
      ]),
    ],
    undo: [],
  }),
  nmcli: withNmcli,
  unknown: null,
};

/** netplan wants a `from` or `to`, and has no words for ports (netplan(5), tried with `netplan generate` 0.106). */
function withNetplan(rule: Rule): Keeping {
  if (rule.sport)
    return { persist: ['# cannot be kept by netplan: a rule for ports; run it at every start'], undo: [] };
  const from = rule.from ? formatPrefix(rule.from) : rule.family === 4 ? '0.0.0.0/0' : '::/0';
  const mark = rule.mark ? `, mark: ${rule.mark.value}` : '';
  const file = `/etc/netplan/90-waymark-rule-${rule.priority}.yaml`;
  const lines = [
    'network:',
    '  version: 2',
    '  ethernets:',
    '    lo:',
    '      routing-policy:',
    `        - { from: "${from}"${mark}, table: ${tableOf(rule)}, priority: ${rule.priority} }`,
  ];
  return {
    persist: [...writeLines(file, '>', lines.join('\n')), `chmod 600 ${shellWord(file)}`, 'netplan apply'],
    undo: [`rm ${shellWord(file)}`],
  };
}

/** systemd.network(5), `[RoutingPolicyRule]`. */
const networkdLines = (rule: Rule): readonly string[] => [
  '[RoutingPolicyRule]',
  `Family=${rule.family === 4 ? 'ipv4' : 'ipv6'}`,
  ...(rule.from ? [`From=${formatPrefix(rule.from)}`] : []),
  ...(rule.mark ? [`FirewallMark=${rule.mark.value}`] : []),
  ...(rule.protocol === undefined ? [] : [`IPProtocol=${rule.protocol}`]),
  ...(rule.sport ? [`SourcePort=${rule.sport.from}`] : []),
  `Table=${tableOf(rule)}`,
  `Priority=${rule.priority}`,
];

/** nm-settings-nmcli(5), `ipv4.routing-rules`: tried with `nmcli --offline` 1.42. */
function withNmcli(rule: Rule, dev: string): Keeping {
  const words = [
    `priority ${rule.priority}`,
    ...(rule.from ? [`from ${formatPrefix(rule.from)}`] : []),
    ...(rule.mark ? [`fwmark ${rule.mark.value}`] : []),
    ...(rule.protocol === undefined ? [] : [`ipproto ${rule.protocol}`]),
    ...(rule.sport ? [`sport ${rule.sport.from}`] : []),
    `table ${tableOf(rule)}`,
  ];
  const name = `"$(${shellLine(connectionNameCommand(dev))})"`;
  return {
    persist: [
      `nmcli connection modify ${name} +ipv${rule.family}.routing-rules ${shellWord(words.join(' '))}`,
      `nmcli device reapply ${shellWord(dev)}`,
    ],
    undo: [],
  };
}

const asComment = (lines: readonly string[]): string[] => lines.map((l) => `#   ${l}`);
