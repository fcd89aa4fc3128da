import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeBundle, parseBundle, parseBundles, sectionOf } from './bundle.ts';

const codes = (text: string): string[] =>
  parseBundles(text, 'x.facts').diagnostics.map((d) => `${d.span?.line} ${d.severity} ${d.code}`);
const whole =
  '# waymark facts 1\n=== uname -n\nvpn\n=== nft list\n=== ! no\n=== ! really no\n=== ? 4\n=== file /x\n\\=== a\n\\\\=== b\n\n== c\n=== end\n';

describe('a bundle', () => {
  it('has sections with text, place, errors and code', () => {
    const { value, diagnostics } = parseBundle(whole, 'x.facts');
    expect(diagnostics).toEqual([]);
    expect(value).toEqual({
      source: 'x.facts',
      firstLine: 1,
      sections: [
        { command: 'uname -n', text: 'vpn\n', firstLine: 3, errors: [], code: 0 },
        { command: 'nft list', text: '', firstLine: 5, errors: ['no', 'really no'], code: 4 },
        { command: 'file /x', text: '=== a\n\\=== b\n\n== c\n', firstLine: 9, errors: [], code: 0 },
      ],
    });
    expect(sectionOf(value, 'uname -n')?.text).toBe('vpn\n');
    expect(sectionOf(value, 'uname')).toBeUndefined();
  });
  it('survives Windows line ends and a greeting in front', () => {
    const { value, diagnostics } = parseBundle(`Welcome!\nYou have mail.\n${whole}`.replaceAll('\n', '\r\n'), 'x');
    expect(value.sections.map((s) => s.text)).toEqual(parseBundle(whole, 'x').value.sections.map((s) => s.text));
    expect(diagnostics).toMatchObject([{ code: 'line-unknown', span: { line: 1 } }]);
  });
  it('may follow another', () => {
    const { value, diagnostics } = parseBundles(whole + whole.replace('vpn', 'router'), 'x');
    expect(diagnostics).toEqual([]);
    expect(value.map((b) => `${b.firstLine} ${b.sections[0]!.text}`)).toEqual(['1 vpn\n', '14 router\n']);
    expect(parseBundle(whole + whole, 'x').diagnostics).toMatchObject([{ code: 'line-limited', span: { line: 14 } }]);
  });
  it('is found out when it is wrong', () => {
    expect(codes('')).toEqual(['1 error input-unrecognised']);
    expect(codes('networks: {}\n')).toEqual(['1 error input-unrecognised']);
    expect(codes('# waymark facts 2\n=== a\n=== end\n')).toEqual(['1 error bundle-version']);
    expect(codes('# waymark facts 1\n')).toEqual(['1 error input-cut-off']);
    expect(codes(`# waymark facts 1\n=== a\n${whole}`)).toEqual(['2 error input-cut-off']);
    expect(codes('# waymark facts 1\nstray\nstray\n===\n=== ? 1\n=== a\n=== ? x\n===b\n=== end\nafter\n')).toEqual([
      '2 warning line-unknown',
      '7 warning line-unknown',
      '10 warning line-unknown',
    ]);
  });
  it('may not be endless', () => {
    expect(codes('# waymark facts 1\n'.padEnd(64 * 1024 * 1024 + 1, 'x'))).toEqual(['1 error input-too-large']);
  });
  it('may not have endless sections', () => {
    const text = `# waymark facts 1\n${Array.from({ length: 20_000 }, (_, i) => `=== file /${i}\n`).join('')}=== end\n`;
    expect(parseBundle(text, 'x').diagnostics.map((d) => d.code)).toEqual(['input-too-large']);
  });
  it('is told from endless noise', () => {
    expect(looksLikeBundle('x'.repeat(60_000_000))).toBe(false);
    expect(codes('\n'.repeat(60_000_000))).toEqual(['1 error input-unrecognised']);
  });
});

describe('cut anywhere', () => {
  const text = readFileSync(new URL('golden/vpn-server.facts', import.meta.url), 'utf8');
  it('says so', () => {
    for (let i = 1; i < text.length - 1; i += 17) {
      const { diagnostics } = parseBundle(text.slice(0, i), 'x');
      expect(diagnostics.some((d) => d.code === 'input-cut-off' || d.code === 'input-unrecognised')).toBe(true);
    }
  });
});

it('gives back any text that a section can hold', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('===', '=== end', '\\===', '\\\\=== ? 1', '=== ! x', '# waymark fact'),
  );
  fc.assert(
    fc.property(
      fc.array(
        line.filter((l) => !/[\r\n]/.test(l)),
        { maxLength: 8 },
      ),
      (lines) => {
        const escaped = lines.map((l) => `${l.replace(/^\\*===/, '\\$&')}\n`).join('');
        const { value, diagnostics } = parseBundle(`# waymark facts 1\n=== c\n${escaped}=== end\n`, 'x');
        expect(diagnostics).toEqual([]);
        expect(value.sections[0]!.text).toBe(lines.map((l) => `${l}\n`).join(''));
      },
    ),
  );
});

it('never throws', () => {
  const piece = fc.constantFrom(
    '# waymark facts 1\n',
    '=== end\n',
    '=== ',
    '=== ? ',
    '=== ! ',
    '\n',
    'x',
    '\\',
    '===',
    '\r',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
      parseBundles(parts.join(''), 'x');
      parseBundle(`# waymark facts 1\n${parts.join('')}`, 'x');
    }),
    { numRuns: 500 },
  );
});
