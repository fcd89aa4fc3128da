import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRoute } from '../../src/dialect/index.ts';
import { loadText } from '../../src/facts/index.ts';
import { formatAddress } from '../../src/ip/index.ts';
import { TABLE, type Host } from '../../src/model/index.ts';
import { runIn } from '../cli/world.ts';
import { story } from './story.ts';

const here = import.meta.dirname;
const names = readdirSync(join(here, 'samples')).sort();
const sample = (name: string): string => readFileSync(join(here, 'samples', name), 'utf8');
const stem = (name: string): string => name.replace(/\.\w+$/, '');
const asRouter = (name: string, more = ''): string => story(`{ on: { office: 10.5.5.1 }, facts: ${name}${more} }`);

function load(yaml: string, files: Readonly<Record<string, string>>) {
  return loadText(yaml, 'net.yaml', { read: (path) => files[path] ?? null, list: () => Object.keys(files) });
}

/** What a person would check with a look at the box. */
function summary(host: Host): string {
  const interfaces = host.interfaces.map((i) => {
    const addresses = i.addresses.map((a) => `${formatAddress(a.address)}${a.peer ? ` peer ${formatAddress(a.peer)}` : ''}/${a.length}`); // prettier-ignore
    const state = i.up ? (i.carrier ? '' : ' no carrier') : ' down';
    return `${i.name} (${i.kind}${state}, mtu ${i.mtu})${i.link === undefined ? '' : ` on ${i.link}`}: ${addresses.join(', ') || '-'}`; // prettier-ignore
  });
  const routes = host.routes.filter((r) => r.table === TABLE.main).map((r) => `${formatRoute(r)}   <- line ${r.fact.line}`); // prettier-ignore
  const settings = [...host.settings].map(([key, { value }]) => `${key} = ${value}`);
  const filter = host.ruleset.known ? `read, not followed: ${[...host.ruleset.tables[0]!.chains.values()][0]!.fact.text}` : 'not known'; // prettier-ignore
  const lines = [`system: ${host.system}`, ...interfaces, '', ...routes, '', ...settings, `filter: ${filter}`];
  return `${lines.join('\n')}\n`;
}

// Written after the format that these systems' programs print and their manuals show; captured from none of them.
describe.each(names)('%s', (name) => {
  it('becomes a host with these interfaces, routes and settings', async () => {
    const { value, diagnostics } = load(asRouter(name), { [name]: sample(name) });
    const said = diagnostics.map((d) => `${d.severity}[${d.code}] line ${d.span?.line ?? '-'}: ${d.message}\n`);
    const text = summary(value.hosts.get('router')!) + (said.length > 0 ? `\n${said.join('')}` : '');
    await expect(text).toMatchFileSnapshot(join(here, 'golden', `${stem(name)}.txt`));
  });

  it('is the router that does not know the way back, and the fix is in its own language', async () => {
    const files = { 'net.yaml': asRouter(name), [name]: sample(name) };
    const { stdout, code } = await runIn({ files }, ['explain', 'laptop', 'linux-server', '-n', 'net.yaml', '--json']);
    expect(code).toBe(1);
    const answer = JSON.parse(stdout) as Answer;
    const [finding] = answer.findings;
    expect([finding?.cause, finding?.host]).toEqual(['no-return-route', 'router']);
    expect(answer.return.hops.at(-1)?.host).toBe('router');
    const [fix] = finding!.fixes;
    expect([fix?.kind, fix?.proved]).toEqual(['route-on-router', true]);
    const { apply, persist, undo } = fix!.commands['router']!;
    const text = [...apply, '', 'to keep it:', ...persist, '', 'to undo it:', ...undo].join('\n');
    await expect(`${text}\n`).toMatchFileSnapshot(join(here, 'golden', `${stem(name)}.fix`));
  });

  it('works there and back once the route is there', async () => {
    const healed = asRouter(name, ', routes: [10.8.0.0/24 via 10.5.5.5]');
    const files = { 'net.yaml': healed, [name]: sample(name) };
    const { stdout } = await runIn({ files }, ['explain', 'laptop', 'linux-server', '-n', 'net.yaml', '--json']);
    expect((JSON.parse(stdout) as Answer).verdict).toBe('answered');
  });

  it('spoilt in any way gives a network or faults with their lines, and never throws', () => {
    const text = sample(name);
    fc.assert(
      fc.property(spoilt(text), (bad) => {
        const { diagnostics } = load(asRouter(name), { [name]: bad });
        for (const d of diagnostics.filter((one) => one.span?.source === name)) {
          expect(d.span!.line).toBeGreaterThan(0);
          expect(d.span!.line).toBeLessThanOrEqual(bad.split('\n').length);
        }
      }),
      { numRuns: 150, seed: 1 },
    );
  });
});

interface Answer {
  readonly verdict: string;
  readonly return: { readonly hops: readonly { readonly host: string }[] };
  readonly findings: readonly {
    readonly cause: string;
    readonly host: string;
    readonly fixes: readonly {
      readonly kind: string;
      readonly proved: boolean;
      readonly commands: Readonly<Record<string, Record<'apply' | 'persist' | 'undo', readonly string[]>>>;
    }[];
  }[];
}

/** A good text with a piece taken out, put in, doubled, or cut off. */
const spoilt = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(text.length),
      fc.nat(80),
      fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom(...PIECES)),
      fc.nat(3),
    )
    .map(([at, length, piece, how]) => {
      if (how === 0) return text.slice(0, at);
      if (how === 1) return text.slice(0, at) + piece + text.slice(at);
      return text.slice(0, at) + (how === 2 ? piece : text.slice(at, at + length).repeat(2)) + text.slice(at + length);
    });

const PIECES = ['', '\n', '\t', '\0', '/', '/999', '%', '::', '999.1.1.1', '-->', 'netmask', '"', '{', '}', '=', '__proto__', '\ud800', '\x1b[31m', ' '.repeat(500), '9'.repeat(400)]; // prettier-ignore
