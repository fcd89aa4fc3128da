import type { Chain, FilterTable, HookName, NamedSet, Ruleset, Statement } from '../../src/model/index.ts';
import { base, chain, rule, ruleset, table } from '../../src/trace/netfilter/testing/ruleset-builder.ts';
import { randomMatch } from './random-match.ts';
import type { RandomSource } from './random-source.ts';
import { markPiece, natPiece, verdictPiece } from './random-statement.ts';
import { piece, type Piece, type Place } from './rule-piece.ts';

/** A ruleset as nft reads it and as the model has it. */
export interface RandomRuleset {
  readonly text: string;
  readonly model: Ruleset;
}

interface Rule {
  readonly text: string;
  readonly statements: readonly Statement[];
}

const protocolIn = (pieces: readonly Piece[]): string | null =>
  /tcp, udp|\b(tcp|udp|icmpv?6?|l4proto \d+)\b/.exec(pieces.map((p) => p.text).join(' '))?.[0] ?? null;

function randomRule(place: Place, chains: readonly string[], nat: boolean): Rule {
  const r = place.random;
  const pieces: Piece[] = [];
  // nft refuses two protocols in one rule
  const add = (p: Piece): void => {
    const earlier = protocolIn(pieces);
    const now = protocolIn([p]);
    if (earlier === null || now === null || earlier === now) pieces.push(p);
  };
  for (let i = r.int(3); i > 0; i--) add(randomMatch(place));
  if (place.hook === 'prerouting' && !nat && r.chance(8)) pieces.push(piece('notrack', { kind: 'notrack' }));
  else if (nat && r.chance(60)) add(natPiece(place));
  else add(r.chance(50) ? markPiece(place) : verdictPiece(place, chains));
  return { text: pieces.map((p) => p.text).join(' '), statements: pieces.flatMap((p) => p.statements) };
}

// -200 itself is left out: who is first there depends on what was loaded before
const PLACES: readonly [HookName, 'filter' | 'nat' | 'route', readonly number[]][] = [
  ['prerouting', 'filter', [-300, -199, -150, -100, 0]],
  ['prerouting', 'nat', [-100, 0]],
  ['input', 'filter', [-150, 0, 100]],
  ['input', 'nat', [100]],
  ['forward', 'filter', [-150, 0, 0]],
  ['output', 'route', [-150]],
  ['output', 'filter', [-300, 0]],
  ['output', 'nat', [-100]],
  ['postrouting', 'filter', [-150, 0, 200]],
  ['postrouting', 'nat', [100, 0]],
];

function randomTable(r: RandomSource, family: 4 | 6, name: string): { text: string; table: FilterTable } {
  const inet = r.chance(50);
  const kind = inet ? 'inet' : family === 4 ? 'ip' : 'ip6';
  const sets: NamedSet[] = [];
  const chains: Chain[] = [];
  const texts: string[] = [];
  const add = (chainName: string, rules: readonly Rule[], hook: Chain['hook'] | null): void => {
    const made = rules.map((x) => rule(x.statements, x.text));
    chains.push(hook ? base(hook.hook, hook.priority, made, { ...hook, name: chainName }) : chain(chainName, made));
    const head = hook ? `type ${hook.type} hook ${hook.hook} priority ${hook.priority}; policy ${hook.policy};\n` : '';
    texts.push(`chain ${chainName} {\n${head}${rules.map((x) => `  ${x.text}\n`).join('')}}\n`);
  };
  const some = (place: Place, calls: readonly string[], nat: boolean): Rule[] =>
    Array.from({ length: 1 + r.int(3) }, () => randomRule(place, calls, nat));
  const filterPlace: Place = { random: r, family, hook: null, inet, sets };
  add('u2', some(filterPlace, [], false), null);
  add('u1', some(filterPlace, ['u2'], false), null);
  for (let i = 1 + r.int(5); i > 0; i--) {
    const [hook, type, priorities] = r.pick(PLACES);
    const policy = type === 'filter' && r.chance(7) ? 'drop' : 'accept';
    const placed: Place = { random: r, family, hook, inet, sets };
    add(`b${i}`, some(placed, ['u1', 'u2'], type === 'nat'), { hook, type, priority: r.pick(priorities), policy });
  }
  const setText = sets.map((s) => `set ${s.name} { ${s.fact.source}; }\n`).join('');
  return {
    text: `table ${kind} ${name} {\n${setText}${texts.join('')}}\n`,
    table: table(chains, { family: kind, name, sets }),
  };
}

/** One to three tables of random chains. */
export function randomRuleset(r: RandomSource, family: 4 | 6): RandomRuleset {
  const tables = Array.from({ length: 1 + r.int(3) }, (_, i) => randomTable(r, family, `x${i}`));
  return { text: tables.map((t) => t.text).join(''), model: ruleset(...tables.map((t) => t.table)) };
}
