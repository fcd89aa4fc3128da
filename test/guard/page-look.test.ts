import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { pageLook } from '../../src/app/cli/guard/page-look.ts';
import { LANGUAGES, parseGuardSettings, renderPage } from '../../src/guard/index.ts';
import { fakeMachine } from '../../src/host/index.ts';

const de = LANGUAGES.find((l) => l.language === 'de')!;
const FILES = {
  '/etc/waymark/page.html':
    '<html><body><img src="{{logo}}"><h1>{{heading}}</h1>{{reason}} {{reference}}</body></html>',
  '/etc/waymark/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  '/etc/waymark/pl.yaml': stringify({ ...de, language: 'pl', heading: 'Dostęp jest zablokowany' }),
};

async function lookOf(page: string, files: Readonly<Record<string, string>> = FILES) {
  const { value, diagnostics } = parseGuardSettings(`page: ${page}\n`, '/etc/waymark/guard.yaml');
  expect(diagnostics).toEqual([]);
  return pageLook(fakeMachine({ files }), value);
}
const visit = { address: '192.0.2.7', reason: 'Too many <logins>', reference: 'K7P-4QD', until: 7_200_000 };

describe('how the page looks, by settings', () => {
  it('is what the template, the logo, the languages and the status say', async () => {
    const { value, diagnostics } = await lookOf(
      '{ status: 429, template: page.html, logo: logo.svg, languages: [ de, ./pl.yaml ] }',
    );
    expect(diagnostics).toEqual([]);
    const ask = (acceptLanguage: string) =>
      renderPage(visit, {}, { method: 'GET', accept: 'text/html', acceptLanguage, now: 0 }, value);
    const polish = ask('pl, en');
    expect(polish.status).toBe(429);
    expect(polish.headers['Retry-After']).toBe('7200');
    const body = Buffer.from(polish.body).toString();
    expect(body).toContain('<h1>Dostęp jest zablokowany</h1>');
    expect(body).toContain('Too many &lt;logins&gt; K7P-4QD');
    expect(body).toContain('<img src="data:image/svg+xml;base64,');
    // the first is for who wants none of them
    expect(ask('fr').headers['Content-Language']).toBe('de');
  });
  it('says what can not be used, with its line', async () => {
    const { diagnostics } = await lookOf('{ template: page.html, logo: logo.svg, languages: [ dee, ./pl.yaml ] }', {
      '/etc/waymark/page.html': '<html>\n{{haeding}}</html>',
      '/etc/waymark/logo.svg': 'no picture',
      '/etc/waymark/pl.yaml': 'language: pl\ndirection: up\n',
    });
    const said = diagnostics.map((d) => `${d.code} ${d.span ? `${d.span.source}:${d.span.line}` : d.message}`);
    expect(said.slice(0, 3)).toEqual([
      'placeholder-unknown /etc/waymark/page.html:2',
      'value-invalid the logo is no PNG, JPEG, GIF, WebP or SVG',
      "value-invalid no language 'dee'",
    ]);
    expect(said[3]).toBe('value-invalid /etc/waymark/pl.yaml:2');
    expect(said.filter((line) => line.startsWith('key-missing'))).toHaveLength(Object.keys(de).length - 2);
  });
});
