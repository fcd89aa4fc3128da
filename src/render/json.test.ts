import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../diagnose/index.ts';
import type { Checked } from '../reach/index.ts';
import { checkJson } from './check-json.ts';
import { appealsJsonSchema } from './appeals-schema.ts';
import { checkJsonSchema, checkSchema } from './check-schema.ts';
import { checkText, type CheckLine } from './check-text.ts';
import { explainJson } from './explain-json.ts';
import { explainJsonSchema, explainSchema } from './explain-schema.ts';
import { fixJson } from './fix-json.ts';
import { fixJsonSchema, fixSchema } from './fix-schema.ts';
import { fixText } from './fix-text.ts';
import { routeEditJsonSchema } from './route-edit-schema.ts';
import { routeListJsonSchema } from './route-list-schema.ts';
import { routeWhyJsonSchema } from './route-why-schema.ts';
import { office, officeAnswered, officeFindings, officeLost } from './test-support/office.ts';
import { translateJsonSchema } from './translate-schema.ts';
import { anyExample } from './test-support/random.ts';

const text = (value: object): string => JSON.stringify(value, null, 2) + '\n';
const options = { verbose: false, colour: false, width: 80 };

const checked = (holds: boolean | null, over: Partial<Checked['expectation']> = {}): Checked => ({
  expectation: {
    from: 'laptop', to: 'linux-server', reaches: true, protocol: 'icmp', port: 0, fact: { source: 'n.yaml', line: 3, text: 'x' }, ...over,
  },
  holds,
  network: office,
  asked: [
    {
      question: { from: 'laptop', destination: officeLost.flow.destination, protocol: 'icmp', destinationPort: 0, sourcePort: 1 },
      trip: holds ? officeAnswered : officeLost,
      reached: holds === true,
    },
  ],
}); // prettier-ignore

describe('published schemas', () => {
  it.each([
    ['explain', explainJsonSchema],
    ['fix', fixJsonSchema],
    ['check', checkJsonSchema],
    ['route-why', routeWhyJsonSchema],
    ['route-edit', routeEditJsonSchema],
    ['route-list', routeListJsonSchema],
    ['route-translate', translateJsonSchema],
    ['appeals', appealsJsonSchema],
  ] as const)('are those in the schema folder: %s', async (name, schema) => {
    await expect(text(schema())).toMatchFileSnapshot(`../../schema/${name}.schema.json`);
  });
});

describe('explainJson', () => {
  const json = explainJson(office, officeLost, officeFindings);

  it('keeps the contract', () => {
    expect(explainSchema.parse(json)).toEqual(json);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json).toMatchObject({
      flow: { proto: 'icmp', src: '10.8.0.6', dst: '10.5.5.20', dport: 0 },
      verdict: 'no-answer',
      sees: 'a timeout',
      forward: { outcome: 'delivered', host: 'linux-server', cause: null },
      return: { outcome: 'private-on-internet', host: 'router', cause: 'no-return-route' },
    });
    expect(json.forward.hops[0]).toMatchObject({ host: 'laptop', in: null, out: 'tun0', via: '10.8.0.1' });
    expect(json.forward.hops[0]!.steps[1]!.because).toEqual([
      { source: 'laptop.facts', line: 31, text: '10.5.5.0/24 via 10.8.0.1 dev tun0' },
    ]);
  });

  it('carries the fixes with their commands', () => {
    const [finding] = json.findings;
    expect(finding).toMatchObject({ cause: 'no-return-route', host: 'router' });
    expect(finding!.fixes.map((f) => f.kind)).toEqual(['route-on-router', 'route-on-target', 'masquerade']);
    expect(finding!.fixes[0]).toMatchObject({
      proved: true,
      opens: [{ from: 'laptop', to: 'router', proto: 'icmp', port: 0 }],
      closes: [],
      changes: [{ kind: 'add-route', host: 'router', text: 'ip route add 10.8.0.0/24 via 10.5.5.5 dev eth0' }],
      commands: { router: { apply: ['ip route add 10.8.0.0/24 via 10.5.5.5 dev eth0'] } },
    });
  });

  it('holds for any network', () => {
    fc.assert(
      fc.property(anyExample, ({ network, trip, findings }) => {
        if (!trip) return;
        const any = explainJson(network, trip, findings);
        expect(explainSchema.parse(JSON.parse(JSON.stringify(any)))).toEqual(JSON.parse(JSON.stringify(any)));
        expect(any.return === null).toBe(any.forward.outcome !== 'delivered');
      }),
      { numRuns: 40 },
    );
  });
});

describe('fix', () => {
  it('is told as text and as JSON', async () => {
    const json = fixJson(office, officeLost, officeFindings);
    expect(fixSchema.parse(json)).toEqual(json);
    expect(json.findings).toEqual(explainJson(office, officeLost, officeFindings).findings);
    await expect(fixText(office, officeLost, officeFindings, { ...options, all: true })).toMatchFileSnapshot(
      'golden/office-fix.txt',
    );
    expect(fixText(office, officeLost, officeFindings, { ...options, all: false })).toContain('2 other ways: --all');
    expect(fixText(office, officeAnswered, [], { ...options, all: false })).toContain('Nothing to fix.');
    const helpless = officeFindings.map((f) => ({ ...f, fixes: [] }));
    expect(fixText(office, officeLost, helpless, { ...options, all: false })).toContain('No fix is known.');
  });
});

describe('check', () => {
  const lines = [
    { checked: checked(true, { protocol: 'tcp', port: 22 }), findings: [] },
    { checked: checked(false), findings: officeFindings },
    { checked: checked(false, { to: 'office' }), findings: officeFindings },
    { checked: checked(null, { reaches: false }), findings: [] },
  ];

  it('gives a line to each expectation and tells each finding once', () => {
    const told = checkText(office, lines, options).split('\n');
    expect(told.slice(0, 6)).toEqual([
      'ok   laptop reaches linux-server on tcp/22',
      'FAIL laptop reaches linux-server by ping: no answer. ping times out.',
      'FAIL laptop reaches office by ping: laptop -> linux-server: no answer. ping',
      '     times out.',
      '?    laptop cannot reach linux-server by ping: no answer. ping times out.',
      '',
    ]);
    expect(told.filter((l) => l.startsWith('Cause: '))).toHaveLength(1);
    expect(told.at(-2)).toBe('1 of 4 expectations hold');
  });

  it('tells findings in the order of the expectations, and again where another fix heals them', () => {
    const [one] = officeFindings as [Finding];
    const other: Finding = { ...one, cause: 'forward-drop', host: 'vpn-server' };
    const healed = { ...one, fixes: one.fixes.slice(1) };
    const line = (findings: readonly Finding[]): CheckLine => ({ checked: checked(false), findings });
    const told = checkText(
      office,
      [line([{ ...one, fixes: [] }]), line([other]), line([one]), line([healed])],
      options,
    );
    const shown = told.split('\n').filter((l) => /^(Cause|Fix): /.test(l));
    expect(shown.map((l) => l.slice(0, 30))).toEqual([
      'Cause: router has no route bac',
      'Fix: add a route on router (pr',
      'Cause: the firewall of vpn-ser',
      'Fix: add a route on router (pr',
      'Cause: router has no route bac',
      expect.stringMatching(/^Fix: (?!add a route on router)/),
    ]);
  });

  it('is told as JSON', () => {
    const json = checkJson(office, lines);
    expect(checkSchema.parse(json)).toEqual(json);
    expect(json.holds).toBe(false);
    expect(json.expectations.map((e) => e.holds)).toEqual([true, false, false, null]);
    expect(json.expectations[0]!.text).toBe('laptop reaches linux-server on tcp/22');
  });
});
