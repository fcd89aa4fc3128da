import { describe, expect, it } from 'vitest';
import type { Chain, FilterRule, RulePlace } from '../../model/index.ts';
import { parseIptablesSave, ufwCommands } from './index.ts';

const SAVED = `*filter
:INPUT DROP [0:0]
:ufw-user-input - [0:0]
:ufw-user-forward - [0:0]
-A INPUT -j ufw-user-input
-A ufw-user-input -i eth0 -s 10.8.0.0/24 -p tcp --dport 22 -j ACCEPT
-A ufw-user-input -i eth0 -p icmp --icmp-type 8 -j ACCEPT
-A ufw-user-input -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A ufw-user-input -s 10.8.0.0/24 -j DROP
-A ufw-user-forward -i tun0 -o eth0 -d 10.5.5.20/32 -j ACCEPT
COMMIT
`;
const { chains } = parseIptablesSave(SAVED, 'test', 4).value.find((t) => t.name === 'filter')!;
const place = (chain: string, index: number): RulePlace => ({ family: 'ip', table: 'filter', chain, index });
const line = (chain: string, from: number, at: number, here: Chain | undefined = chains.get(chain)): string | null => {
  const rule = chains.get(chain)!.rules[from] as FilterRule;
  return ufwCommands(place(chain, at), rule, here)?.add.join(' ') ?? null;
};

describe('ufwCommands', () => {
  it('says a rule as ufw(8) takes it, in front of what is there', () => {
    const ssh = 'allow in on eth0 proto tcp from 10.8.0.0/24 to any port 22';
    expect(line('ufw-user-input', 0, 0)).toBe(`ufw prepend ${ssh}`);
    expect(line('ufw-user-input', 0, 4)).toBe(`ufw ${ssh}`);
    expect(line('ufw-user-forward', 0, 0)).toBe('ufw route prepend allow in on tun0 out on eth0 from any to 10.5.5.20');
    const remove = ufwCommands(place('ufw-user-input', 0), chains.get('ufw-user-input')!.rules[0]!, undefined)?.remove;
    expect(remove?.join(' ')).toBe(`ufw delete ${ssh}`);
  });

  it('leaves to others what ufw cannot say, and what is none of its chains', () => {
    expect([1, 2, 3].map((n) => line('ufw-user-input', n, 0))).toEqual([null, null, null]);
    expect(ufwCommands(place('INPUT', 0), chains.get('ufw-user-input')!.rules[0]!, undefined)).toBeNull();
  });
});
