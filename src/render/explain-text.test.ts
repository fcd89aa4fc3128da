import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assumption } from '../ip/index.ts';
import type { RoundTrip } from '../trace/index.ts';
import { explainText } from './explain-text.ts';
import { office, officeAnswered, officeFindings, officeLost } from './test-support/office.ts';
import { EXAMPLES } from './test-support/examples.ts';
import { anyExample } from './test-support/random.ts';
import { address } from './test-support/build.ts';

const plain = { verbose: false, colour: false, width: 80 };
const verbose = { ...plain, verbose: true };
const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');

describe('explainText', () => {
  it('tells the office at a glance', async () => {
    await expect(explainText(office, officeLost, officeFindings, plain)).toMatchFileSnapshot(
      'golden/office-explain.txt',
    );
    await expect(explainText(office, officeLost, officeFindings, verbose)).toMatchFileSnapshot(
      'golden/office-verbose.txt',
    );
    await expect(explainText(office, officeAnswered, [], plain)).toMatchFileSnapshot(
      'golden/office-answered-explain.txt',
    );
  });

  it('fits a terminal of 24 lines and 80 columns', () => {
    const lines = linesOf(explainText(office, officeLost, officeFindings, plain));
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toBe('laptop -> linux-server: no answer. ping times out.');
    expect(lines.at(-1)).toBe('2 other ways: --verbose');
  });

  it('says the same with colours as without', () => {
    const coloured = explainText(office, officeLost, officeFindings, { ...plain, colour: true });
    expect(coloured).toContain('\u001b[');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(explainText(office, officeLost, officeFindings, plain));
  });

  it('marks the host where it dies, and no other', () => {
    const marked = linesOf(explainText(office, officeLost, [], plain)).filter((l) => l.includes('✗'));
    expect(marked).toEqual(['  ✗ router        eth0 -> eth1  lost on the internet: no route to 10.8.0.6;']);
    expect(explainText(office, officeAnswered, [], plain)).not.toContain('✗');
  });

  it('says what makes it less than certain', () => {
    const doubtful: RoundTrip = {
      ...officeLost,
      uncertain: [{ source: 'nft', line: 4, text: 'meta cgroup 1 drop' }],
      secondTry: officeAnswered,
      otherwise: [officeAnswered],
    };
    const text = explainText(office, doubtful, [], plain);
    expect(text).toContain('not certain: not modelled: nft:4 meta cgroup 1 drop');
    expect(text).toContain('note: from the second try on, laptop -> linux-server: answered.');
    expect(text).toContain('note: may also end otherwise: laptop -> linux-server: answered.');
  });

  it('names assumptions', () => {
    const [first, ...rest] = officeLost.forward.hops;
    const steps = [...first!.steps, { ...first!.steps[0]!, because: [assumption('no rules are known')] }];
    const assumed: RoundTrip = {
      ...officeLost,
      forward: { ...officeLost.forward, hops: [{ ...first!, steps }, ...rest] },
    };
    expect(explainText(office, assumed, [], plain)).toContain('note: rests on an assumption: no rules are known');
    expect(explainText(office, assumed, [], verbose)).toContain('because assumed: no rules are known');
  });

  it('tells of a refusal and whether it arrives', () => {
    const refusal = { host: 'router', from: address('10.5.5.1'), kind: 'icmp', type: 3, code: 0 } as const;
    const refused: RoundTrip = {
      ...officeLost,
      verdict: 'refused',
      sees: { kind: 'refused', refusal },
      return: { ...officeLost.return!, refusal, refusalArrives: false },
    };
    const text = explainText(office, refused, [], plain);
    expect(text.replace(/\n */g, ' ')).toContain('refused. ping says: Destination Net Unreachable from 10.5.5.1.');
    expect(text.replace(/\n */g, ' ')).toContain(
      "router says so by 'Destination Net Unreachable', but that does not arrive at the sender",
    );
  });

  it.each(EXAMPLES.filter((e) => e.trip))(
    'keeps to 80 columns where words allow: $name',
    ({ network, trip, findings }) => {
      const lines = linesOf(explainText(network, trip!, findings, plain));
      for (const line of lines) if (line.length > 80) expect(line.trim().split(' ').length).toBeLessThanOrEqual(8);
    },
  );

  it('lets nothing from outside move the cursor', () => {
    fc.assert(
      fc.property(anyExample, fc.boolean(), ({ network, trip, findings }, all) => {
        if (!trip) return;
        const text = explainText(network, trip, findings, { ...plain, verbose: all });
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      }),
      { numRuns: 60 },
    );
  });
});
