import type { Chain, FilterRule, RulePlace } from '../../model/index.ts';
import { iptablesArguments, type RuleCommands } from './print.ts';

/** The chains that ufw fills from its own files; what others put there is gone at its next reload. */
const USER_CHAIN = /^ufw6?-user-(input|output|forward)$/;

/** Whether the chain is one of ufw's for the user's rules. */
export const isUfwChain = (chain: string): boolean => USER_CHAIN.test(chain);

/**
 * The rule as ufw takes it (ufw(8), RULE SYNTAX), which also keeps it: `ufw route allow in on tun0 out on eth0 from
 * 10.8.0.0/24 to 10.5.5.0/24`. Null when the chain is none of ufw's, or ufw can't say the rule: it knows no ICMP and no
 * connection states.
 */
export function ufwCommands(place: RulePlace, rule: FilterRule, chain: Chain | undefined): RuleCommands | null {
  const kind = USER_CHAIN.exec(place.chain)?.[1];
  const words = kind === undefined ? null : said(iptablesArguments(rule) ?? []);
  if (!words) return null;
  const start = kind === 'forward' ? ['ufw', 'route'] : ['ufw'];
  const isFront = place.index < (chain?.rules.length ?? 0);
  return {
    add: [...start, ...(isFront ? ['prepend'] : []), 'allow', ...words],
    remove: [...start, 'delete', 'allow', ...words],
  };
}

const OPTIONS = ['-i', '-o', '-p', '-s', '-d', '--dport', '-j'];

/** The words behind `allow`, of pairs of option and value; null where one is not ufw's. */
function said(words: readonly string[]): readonly string[] | null {
  const values = new Map<string, string>();
  for (let i = 0; i < words.length; i += 2) values.set(words[i]!, words[i + 1] ?? '');
  const [into, out, protocol, source, destination, port, target] = OPTIONS.map((o) => values.get(o));
  if (target !== 'ACCEPT' || values.size === 0 || [...values.keys()].some((o) => !OPTIONS.includes(o))) return null;
  if (protocol !== undefined && protocol !== 'tcp' && protocol !== 'udp') return null;
  return [
    ...(into === undefined ? [] : ['in', 'on', into]),
    ...(out === undefined ? [] : ['out', 'on', out]),
    ...(protocol === undefined ? [] : ['proto', protocol]),
    ...['from', source ?? 'any', 'to', destination ?? 'any'],
    ...(port === undefined ? [] : ['port', port]),
  ];
}
