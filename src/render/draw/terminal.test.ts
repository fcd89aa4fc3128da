import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { office, officeAnswered, officeFindings, officeLost } from '../test-support/office.ts';
import { anyExample } from '../test-support/random.ts';
import { mermaid } from './mermaid.ts';
import { terminalDrawing } from './terminal.ts';

const unicode = { width: 80, ascii: false };

describe('terminalDrawing', () => {
  it('draws the office', async () => {
    await expect(terminalDrawing(office, officeLost, officeFindings, unicode)).toMatchFileSnapshot(
      '../golden/office-lost.txt',
    );
    await expect(terminalDrawing(office, officeAnswered, [], unicode)).toMatchFileSnapshot(
      '../golden/office-answered.txt',
    );
    await expect(terminalDrawing(office, officeLost, officeFindings, { width: 80, ascii: true })).toMatchFileSnapshot(
      '../golden/office-ascii.txt',
    );
  });

  it('fits into 80 columns', () => {
    for (const trip of [officeLost, officeAnswered, null]) {
      const lines = terminalDrawing(office, trip, officeFindings, unicode).split('\n');
      expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(80);
    }
  });

  it('has an ASCII form of the same shape', () => {
    const ascii = terminalDrawing(office, officeLost, officeFindings, { width: 80, ascii: true });
    expect(ascii).toMatch(/^[\n -~]*$/);
    const lengths = (text: string): number[] => text.split('\n').map((l) => l.length);
    expect(lengths(ascii)).toEqual(lengths(terminalDrawing(office, officeLost, officeFindings, unicode)));
  });

  it('takes any network, and lets no control character through', () => {
    fc.assert(
      fc.property(anyExample, fc.boolean(), ({ network, trip, findings }, ascii) => {
        const text = terminalDrawing(network, trip, findings, { width: 80, ascii });
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
        const boxes = text.split('\n').filter((l) => l.startsWith(ascii ? '+-' : '┌')).length;
        expect(boxes).toBeGreaterThanOrEqual(network.hosts.size);
      }),
      { numRuns: 80 },
    );
  });
});

describe('mermaid', () => {
  it('draws the office', async () => {
    await expect(mermaid(office, officeLost)).toMatchFileSnapshot('../golden/office.mmd');
  });

  it('keeps every text inside its quotes', () => {
    fc.assert(
      fc.property(anyExample, ({ network, trip }) => {
        for (const line of mermaid(network, trip).split('\n')) expect(line.split('"').length % 2).toBe(1);
      }),
      { numRuns: 80 },
    );
  });
});
