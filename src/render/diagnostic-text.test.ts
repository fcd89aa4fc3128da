import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../ip/index.ts';
import { diagnosticText } from './diagnostic-text.ts';

const text = '  router: { on: { office: 10.5.5.1/24 } }';
const fault = (over: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'prefix-host-bits',
  severity: 'error',
  message: "'10.5.5.1/24' has host bits set",
  hint: 'the network is 10.5.5.0/24',
  span: { source: 'office.yaml', line: 7, column: 27, length: 11, text },
  ...over,
});
const plain = { colour: false, width: 80 };

describe('diagnosticText', () => {
  it('shows the line with a caret, and the hint', () => {
    expect(diagnosticText([fault()], plain)).toBe(
      [
        "error[prefix-host-bits] office.yaml:7:27: '10.5.5.1/24' has host bits set",
        '      router: { on: { office: 10.5.5.1/24 } }',
        '                              ^^^^^^^^^^^',
        '  hint: the network is 10.5.5.0/24',
        '',
      ].join('\n'),
    );
  });
  it('does without place, line and hint', () => {
    expect(diagnosticText([{ code: 'usage', severity: 'warning', message: 'what' }], plain)).toBe(
      'warning[usage] what\n',
    );
    expect(diagnosticText([], plain)).toBe('');
  });
  it('gives each of several its own place', () => {
    expect(
      diagnosticText([fault(), fault({ severity: 'note' })], plain)
        .split('\n')
        .filter((l) => l.includes('[')),
    ).toHaveLength(2);
  });
  it('cuts long lines around the caret', () => {
    const long = 'x'.repeat(200) + '10.5.5.1/24' + 'y'.repeat(200);
    const [, line, caret] = diagnosticText(
      [fault({ span: { source: 'f', line: 1, column: 201, length: 11, text: long } })],
      plain,
    ).split('\n');
    expect(line!.length).toBeLessThanOrEqual(82);
    expect(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('10.5.5.1/24');
  });
  it('takes any span, and colours nothing but what it means', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: -5, max: 300 }),
        fc.nat(300),
        (line, column, length) => {
          const shown = diagnosticText([fault({ span: { source: 'f', line: 1, column, length, text: line } })], plain);
          expect(shown.split('\n')).toHaveLength(5);
          expect(shown).toMatch(/\^/);
          expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
        },
      ),
    );
    expect(diagnosticText([fault()], { colour: true, width: 80 }).replace(/\u001b\[\d+m/g, '')).toBe(
      diagnosticText([fault()], plain),
    );
  });
});
