import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Route } from '../model/index.ts';
import { parseRouteWords } from './iproute2/index.ts';
import { recogniseRoutes, ROUTE_DIALECTS } from './route-dialects.ts';
import { askedRoute } from './test-support/asked-route.ts';
import { withinLimits } from './within-limits.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'x', line: 1 }).value!;
/** What a person asked for: not where it stands, nor who made it; keys in one order. */
const asked = (r: Route): readonly unknown[] =>
  Object.entries(r)
    .filter(([key]) => key !== 'fact' && key !== 'protocol')
    .sort(([a], [b]) => a.localeCompare(b));

/** One of each kind; what a dialect cannot say is missing in its golden file. */
const SAMPLES = [
  '10.67.0.0/16 via 192.168.120.254',
  '10.67.0.0/16 via 192.168.120.254 dev eth0 metric 50',
  'default via 192.168.120.254',
  '192.0.2.7 via 192.168.120.254',
  '10.8.0.0/24 dev tun0',
  '10.9.0.0/16 via 192.168.120.254 dev eth0 table 100 src 192.168.120.1 mtu 1400 onlink',
  '10.10.0.0/16 nexthop via 192.168.120.1 weight 1 nexthop via 192.168.120.2 weight 3',
  'unreachable 1.2.3.4',
  'prohibit 10.11.0.0/16',
  'blackhole 10.12.0.0/16',
  'throw 10.13.0.0/16 table 100',
  '2001:db8:67::/48 via 2001:db8::1',
  '2001:db8:68::/48 via fe80::1 dev eth0 metric 50',
  'default via fe80::1 dev eth0',
  '2001:db8:69::5 dev tun0',
  'unreachable 2001:db8:70::/48',
];

describe.each(ROUTE_DIALECTS.map((d) => [d.name, d] as const))('%s', (name, dialect) => {
  it('reads back what it prints', () => {
    fc.assert(
      fc.property(askedRoute, (x) => {
        const { route: said, cannot } = withinLimits(x, dialect.limits);
        if (!said) {
          expect(cannot).not.toEqual([]);
          return;
        }
        const text = dialect.print([said]);
        const read = dialect.parse(text, 'x');
        expect({ text, diagnostics: read.diagnostics }).toEqual({ text, diagnostics: [] });
        expect({ text, routes: read.value.map(asked) }).toEqual({ text, routes: [asked(said)] });
        // nothing is lost in silence, and what was brought within the limits stays so
        if (cannot.length === 0) expect(asked(said)).toEqual(asked(x));
        expect(withinLimits(said, dialect.limits)).toEqual({ route: said, cannot: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('reads back several at once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(askedRoute, { maxLength: 5, selector: (r) => JSON.stringify(r.prefix) }), (all) => {
        const said = all.flatMap((x) => withinLimits(x, dialect.limits).route ?? []);
        if (said.length === 0) return;
        const text = dialect.print(said);
        const sorted = (routes: readonly Route[]): unknown => routes.map((r) => JSON.stringify(asked(r))).sort();
        expect({ text, routes: sorted(dialect.parse(text, 'x').value) }).toEqual({ text, routes: sorted(said) });
      }),
      { numRuns: 200 },
    );
  });

  it('is recognised in what it prints, or one that reads it as the same', () => {
    fc.assert(
      fc.property(askedRoute, (x) => {
        const { route: said } = withinLimits(x, dialect.limits);
        if (!said) return;
        const text = dialect.print([said]);
        const [taken] = recogniseRoutes(text);
        expect({ text, as: taken?.name, routes: taken?.parse(text, 'x').value.map(asked) }).toEqual({
          text,
          as: taken?.name,
          routes: [asked(said)],
        });
      }),
      { numRuns: 300 },
    );
  });

  it('prints the same as ever', async () => {
    const said = SAMPLES.map(route).map((r) => withinLimits(r, dialect.limits));
    const lines = SAMPLES.map((words, i) => {
      const { route: r, cannot } = said[i]!;
      return [`# ${words}`, ...cannot.map((c) => `# ! ${c}`), r ? dialect.print([r]) : '# not at all\n'].join('\n');
    });
    const all = dialect.print(said.flatMap((s) => s.route ?? []));
    const text = `${lines.join('\n')}\n# all of them\n${all}`;
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${name}.txt`));
  });

  it('never throws, whatever it is given', () => {
    const said = SAMPLES.flatMap((words) => withinLimits(route(words), dialect.limits).route ?? []);
    const pieces = fc.constantFrom(...dialect.print(said).split(/\s+/));
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string(), fc.constant('\n'))), (words) => {
        const text = words.join(' ');
        dialect.recognise(text);
        for (const d of dialect.parse(text, 'x').diagnostics) expect(d.message).not.toBe('');
      }),
    );
  });
});
