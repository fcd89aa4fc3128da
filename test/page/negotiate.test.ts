import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, renderPage } from '../../src/guard/index.ts';
import { kindOf, languageOf } from '../../src/guard/page/negotiate.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

describe('what the page comes as', () => {
  it.each([
    [undefined, 'html'],
    ['', 'html'],
    ['*/*', 'html'],
    [BROWSER, 'html'],
    ['text/html', 'html'],
    ['TEXT/HTML', 'html'],
    ['application/xhtml+xml', 'html'],
    ['text/html;level=1', 'html'],
    ['text/plain', 'text'],
    ['text/*', 'html'],
    ['text/*, text/html;q=0.5', 'text'],
    ['text/html;q=0, */*', 'text'],
    ['text/html;q=0.2, text/plain;q=0.8', 'text'],
    ['text/html;q=0.8, text/plain;q=0.2', 'html'],
    ['application/problem+json', 'problem'],
    ['application/json', 'problem'],
    ['application/*', 'problem'],
    ['application/json, text/plain, */*', 'problem'],
    ['text/plain, application/json', 'text'],
    ['application/json;q=0.9, text/html', 'html'],
    ['text/html, application/json', 'html'],
    ['image/png', 'text'],
    ['image/avif,image/webp,image/*', 'text'],
    ['image/avif,image/webp,*/*;q=0.8', 'html'],
    ['*/*;q=0', 'text'],
    // a weight that is none makes its member count for nothing
    ['text/html;q=2, text/plain;q=0.1', 'text'],
    ['text/html;q=nan', 'html'],
    ['text/html;q=', 'html'],
    ['text/plain ; Q=0.5 , text/html ; q=0.4', 'text'],
    [',,, ;;;, text/plain', 'text'],
    [';q=1', 'html'],
  ])('%s -> %s', (accept, kind) => {
    expect(kindOf(accept)).toBe(kind);
  });

  it('never looks at more than the first members', () => {
    expect(kindOf(`${'image/png,'.repeat(60)}text/html`)).toBe('text');
  });

  it('takes any header', () => {
    const noise = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc
        .array(fc.constantFrom('text/html', '*/*', ',', ';', 'q=', 'q=0', '0.5', ' ', 'application/json', '\u00ff'))
        .map((a) => a.join('')),
    );
    fc.assert(
      fc.property(noise, noise, (accept, acceptLanguage) => {
        expect(['html', 'text', 'problem']).toContain(kindOf(accept));
        expect(LANGUAGES).toContain(languageOf(acceptLanguage, LANGUAGES));
      }),
    );
  });
});

describe('the language', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['de', 'de'],
    ['DE-at', 'de'],
    ['de-CH-1996', 'de'],
    ['fr-CA,fr;q=0.8,en;q=0.5', 'fr'],
    ['es-419', 'es'],
    ['nl-BE, nl;q=0.9', 'nl'],
    ['ja, nl;q=0.5, de;q=0.7', 'de'],
    ['ja', 'en'],
    ['de;q=0, fr;q=0.1', 'fr'],
    ['ja, *;q=0.5, de;q=0.1', 'en'],
    ['den', 'en'],
    ['d', 'en'],
    ['--, ;;, de;q=0.9', 'de'],
    ['de;q=1.5, fr;q=0.3', 'fr'],
  ])('%s -> %s', (header, language) => {
    expect(languageOf(header, LANGUAGES).language).toBe(language);
  });

  it('finds a region of a language that is asked for without one', () => {
    const portuguese = { ...LANGUAGES[0]!, language: 'pt-BR' };
    expect(languageOf('pt', [...LANGUAGES, portuguese]).language).toBe('pt-BR');
    expect(languageOf('pt-PT', [...LANGUAGES, portuguese]).language).toBe('pt-BR');
  });

  it('has every sentence in every language, none left in another', () => {
    const [english, ...others] = LANGUAGES;
    expect(LANGUAGES.map((w) => w.language)).toEqual(['en', 'de', 'fr', 'es', 'nl']);
    for (const words of others) {
      for (const [key, text] of Object.entries(words)) {
        expect(text.trim(), `${words.language} ${key}`).not.toBe('');
        if (key !== 'direction')
          expect(text, `${words.language} ${key}`).not.toBe(english![key as keyof typeof english]);
      }
      expect(words.lead).toContain('{site}');
      expect(words.subject).toContain('{reference}');
    }
  });

  it('is told in the answer', () => {
    const visit = { address: '192.0.2.1', reason: 'x', reference: 'R1', until: null };
    const answer = renderPage(visit, {}, { method: 'GET', acceptLanguage: 'nl', now: 0 });
    expect(answer.headers['Content-Language']).toBe('nl');
    const body = answer.body.toString();
    expect(body).toContain('<html lang="nl" dir="ltr">');
    expect(body).toContain('nader order');
  });
});
