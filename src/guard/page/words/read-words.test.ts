import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { de } from './de.ts';
import { readWords } from './read-words.ts';

const faults = (text: string): string[] => readWords(text, 'pl.yaml').diagnostics.map((d) => d.message);

describe('the words of a language', () => {
  it('are read as they are shipped', () => {
    expect(readWords(stringify(de), 'de.yaml')).toEqual({ value: de, diagnostics: [] });
  });
  it('are whole, or not taken', () => {
    const { lead, ...others } = de;
    expect(lead).not.toBe('');
    expect(readWords(stringify(others), 'x')).toMatchObject({ value: null, diagnostics: [{ code: 'key-missing' }] });
    expect(faults(stringify({ ...others, leed: 'x' })).sort()).toEqual(["'lead' is missing", "unknown key 'leed'"]);
    expect(faults('')).toHaveLength(Object.keys(de).length);
  });
  it('name a language that dates can be written in', () => {
    for (const language of ['Deutsch!', 'xx-', 'a\r\nX: y', 'qq'])
      expect(readWords(stringify({ ...de, language }), 'x')).toMatchObject({
        value: null,
        diagnostics: [{ code: 'value-invalid' }],
      });
    expect(faults(stringify({ ...de, direction: 'up' }))).toEqual(["expected 'ltr' or 'rtl'"]);
  });
});
