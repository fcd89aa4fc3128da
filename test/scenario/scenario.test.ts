import { describe, expect, it } from 'vitest';
import { diagnose, type Finding, type Fix } from '../../src/diagnose/index.ts';
import { formatAddress } from '../../src/ip/index.ts';
import { applyChanges, type Network } from '../../src/model/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { roundTrip, type Question } from '../../src/trace/index.ts';
import { readScenarios, type Asked } from './read-scenario.ts';

const nameOf = (fix: Fix): string => fix.parts.map((p) => p.kind).join(' + ');
const placesOf = (fix: Fix): string[] =>
  fix.changes.flatMap((c) => (c.kind === 'add-rule' ? [`${c.place.chain} ${c.place.index}`] : []));

/** What each change is in its own words: `10.8.0.0/24 via 10.5.5.5 dev eth0`, `accept tcp port 22 from 10.8.0.0/24`. */
const deedsOf = (fix: Fix | undefined): string[] =>
  (fix?.changes ?? []).map((c) => {
    if (c.kind === 'add-rule') return c.rule.fact.text;
    if (c.kind === 'add-route' || c.kind === 'remove-route') return c.route.fact.text;
    if (c.kind === 'add-policy-rule') return c.rule.fact.text;
    if (c.kind === 'set-virtual-server')
      return c.server.realServers.map((r) => `${formatAddress(r.address)} weight ${r.weight}`).join(', ');
    if (c.kind === 'lift-check') return `no check on ${c.link}`;
    if (c.kind === 'set-peer') return `${c.dev} ${JSON.stringify(c.set)}`;
    return c.kind === 'set' ? `${c.key} = ${c.value}` : `iroute for ${c.commonName}`;
  });

const closedBy = (fix: Fix | undefined): string[] => {
  const pairs = [...new Set((fix?.closes ?? []).map((p) => `${p.from} -> ${p.to}`))];
  return pairs.length === 0 ? ['nothing'] : pairs;
};

function questionOf(network: Network, asked: Asked): Question {
  const question = askFor(network, asked.from, asked.to, { protocol: asked.protocol, port: asked.port });
  if (!question.ok) throw new Error(question.message);
  return asked.length === undefined ? question.value : { ...question.value, length: asked.length };
}

/** What was found, in the words of a scenario's head, for the keys that the head has. */
function said(asked: Asked, verdict: string, findings: readonly Finding[]): Record<string, unknown> {
  const fixes = findings[0]?.fixes ?? [];
  const names = fixes.map(nameOf);
  const first = fixes[0];
  const { expected } = asked;
  const withHost = expected.get('first')?.[0]?.includes(' at ') ?? false;
  const evidence = findings[0]?.evidence.map((f) => `${f.source}: ${f.text}`).join('\n') ?? '';
  const all: Record<string, unknown> = {
    verdict: [verdict],
    causes: findings.map((f) => `${f.cause} at ${f.host}`),
    first: [first ? `${nameOf(first)}${withHost ? ` at ${first.host}` : ''}` : 'none'],
    offers: expected.get('offers')?.filter((o) => names.includes(o)),
    never: expected.get('never')?.filter((n) => !names.includes(n)),
    evidence: expected.get('evidence')?.filter((e) => evidence.includes(e)),
    places: first ? placesOf(first) : [],
    does: deedsOf(first).filter((d) => (expected.get('does') ?? []).includes(d)),
    closes: closedBy(first),
    'ask for': expected.get('ask for')?.filter((a) => (findings[0]?.params['ask'] ?? '').includes(a)),
  };
  return Object.fromEntries(['all fixes', ...expected.keys()].map((k) => [k, k === 'all fixes' ? names : all[k]]));
}

describe.each(readScenarios())('$name', ({ network, asked, faults }) => {
  it('is a network file without faults', () => {
    expect(faults).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
  });

  it.each(asked.map((a) => [`${a.from} -> ${a.to} ${a.protocol}${a.port > 0 ? `/${a.port}` : ''}`, a] as const))(
    '%s',
    (_, a) => {
      const question = questionOf(network, a);
      const trip = roundTrip(network, question);
      const findings = diagnose(network, question, trip);
      const found = said(a, trip.verdict, findings);
      expect(found).toEqual({ 'all fixes': found['all fixes'], ...Object.fromEntries(a.expected) });
      if (trip.verdict !== 'answered') expect(findings.length).toBeGreaterThan(0);
      const fixes = findings.flatMap((f) => f.fixes);
      for (const fix of fixes) expect(fix.proved && answersAfter(network, question, fix), nameOf(fix)).toBe(true);
      const isHiding = (fix: Fix): boolean => fix.parts.some((p) => p.kind === 'masquerade');
      if (fixes[0] && isHiding(fixes[0])) expect(fixes.every(isHiding), 'address translation comes last').toBe(true);
    },
  );
});

function answersAfter(network: Network, question: Question, fix: Fix): boolean {
  const { verdict, sees } = roundTrip(applyChanges(network, fix.changes), question);
  // who is told that a packet is too big sends smaller ones
  const isTold =
    sees.kind === 'refused' && (sees.refusal.type === 2 || (sees.refusal.type === 3 && sees.refusal.code === 4));
  return verdict === 'answered' || (question.length !== undefined && isTold);
}
