import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FilterTable, Ruleset } from '../../model/index.ts';
import { parseIpsetSave } from '../ipset/index.ts';
import { parseIptablesSave } from '../iptables/index.ts';
import { parseNftJson } from './parse.ts';
import { rulesetText } from './print-ruleset.ts';
import { openRealNft } from './test-support/real-nft.ts';

const nft = openRealNft();
if (typeof nft === 'string') console.warn(`skipped: ${nft}`);
const mustRun = process.env.CI !== undefined;
afterAll(() => {
  if (typeof nft !== 'string') nft.close();
});

const ofIptables = (text: string, ipsets: Ruleset['ipsets'] = new Map()): readonly FilterTable[] =>
  parseIptablesSave(text, 'rules', 4, ipsets).value;
const textOf = (tables: readonly FilterTable[], ipsets: Ruleset['ipsets'] = new Map()): string =>
  rulesetText({ tables, ipsets }).value;

describe('a ruleset as text', () => {
  it('writes chains, policies and rules of iptables', () => {
    const tables = ofIptables(
      '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:own - [0:0]\n' +
        '-A FORWARD -i tun0 -m limit --limit 5/min -j own\n-A own -s 10.8.0.0/24 -j ACCEPT\nCOMMIT\n',
    );
    expect(textOf(tables)).toContain(
      '\tchain FORWARD { type filter hook forward priority 0; policy drop;\n\t\tiifname "tun0" jump own\n\t}\n',
    );
    expect(textOf(tables)).toContain('\tchain own {\n\t\tip saddr 10.8.0.0/24 accept\n\t}\n');
  });
  it('writes the members of an ipset into the rule, each address once', () => {
    const ipsets = parseIpsetSave(
      'create bad hash:net family inet\nadd bad 10.0.0.0/8\nadd bad 10.1.0.0/16\nadd bad 1.2.3.4\ncreate none hash:net family inet\n',
      'sets',
    ).value;
    const tables = ofIptables(
      '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set --match-set bad src -j DROP\n' +
        '-A INPUT -m set --match-set none src -j DROP\n-A INPUT -m set ! --match-set none src -p tcp -j ACCEPT\nCOMMIT\n',
      ipsets,
    );
    const rules = textOf(tables, ipsets)
      .split('\n')
      .filter((l) => l.startsWith('\t\t'));
    expect(rules[0]).toMatch(/^\t\tip saddr \{ .* \} drop$/);
    expect(rules[0]).not.toContain('10.1.0.0');
    expect(rules.slice(1)).toHaveLength(1);
    expect(rules[1]).toContain('accept');
  });
  it.each(['}; }; include "/etc/shadow"; table ip x { chain y {', '# all that follows', '$x'])(
    'leaves out a statement known by its words only that would say more: %s',
    (words) => {
      const rule = { family: 'inet', table: 't', chain: 'c', handle: 2, expr: [{ synproxy: words }, { accept: null }] };
      const chain = { family: 'inet', table: 't', name: 'c', handle: 1 };
      const list = [{ table: { family: 'inet', name: 't', handle: 1 } }, { chain }, { rule }];
      const tables = parseNftJson(JSON.stringify({ nftables: list }), 'nft').value;
      const text = rulesetText({ tables, ipsets: new Map() });
      expect(text.value).toBe('table inet t {\n\tchain c {\n\t}\n}\n');
      expect(text.diagnostics).toMatchObject([{ code: 'line-not-modelled' }]);
    },
  );
  it('says what it leaves out', () => {
    const tables = ofIptables('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m quota --quota 5 -j DROP\nCOMMIT\n');
    const text = rulesetText({ tables, ipsets: new Map() });
    expect(text.value).not.toContain('drop');
    expect(text.diagnostics).toMatchObject([{ code: 'line-not-modelled', severity: 'warning', span: { line: 3 } }]);
  });
});

describe.skipIf(typeof nft === 'string' && !mustRun)('the real nft', () => {
  const load = (text: string): string => (typeof nft === 'string' ? nft : nft.load(text));
  const folder = join(import.meta.dirname, '../iptables/golden');
  it.each(readdirSync(folder).filter((f) => /^(docker|firewalld|all).*\.save$/.test(f)))('takes %s', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const tables = parseIptablesSave(text, file, file.startsWith('all6') ? 6 : 4, new Map()).value;
    expect(load(textOf(tables))).toBe('');
  });
  it.each(['docker', 'firewalld'])('reads %s back with as many deciding rules', (name) => {
    const json = readFileSync(join(import.meta.dirname, `golden/${name}.json`), 'utf8');
    const tables = parseNftJson(json, name).value;
    const first = textOf(tables);
    expect(load(first)).toBe('');
    const again = parseNftJson(typeof nft === 'string' ? '' : nft.json(), name).value;
    expect(textOf(again)).toBe(first);
  });
});
