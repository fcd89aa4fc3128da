import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TEMPLATE_TEXT, logoFrom, readTemplate, renderPage } from '../../src/guard/index.ts';

const visit = { address: '2001:db8::7', reason: 'a < b', reference: 'R"1', until: null };
const shown = (html: string): string => {
  const { value, diagnostics } = readTemplate(html, 'own.html');
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const wanted = { method: 'GET', accept: 'text/html', now: 0 };
  return renderPage(visit, { phone: '1 2' }, wanted, { template: value }).body.toString();
};
const faults = (html: string): string[] =>
  readTemplate(html, 'own.html').diagnostics.map((d) => `${d.code} ${d.span?.line}:${d.span?.column} ${d.message}`);

describe('a template of one’s own', () => {
  it('the shipped one has no fault', () => {
    expect(readTemplate(DEFAULT_TEMPLATE_TEXT, 'x').diagnostics).toEqual([]);
  });

  it('has its places filled, escaped', () => {
    expect(shown('<p title="{{reference}}">{{ reason }}</p>{{phone}}')).toBe('<p title="R&quot;1">a &lt; b</p>1 2');
  });

  it('shows sections when there is a value, or none', () => {
    expect(shown('{{#phone}}<a href="{{phone_link}}">{{/phone}}{{^phone}}-{{/phone}}')).toBe('<a href="tel:12">');
    expect(shown('{{#until}}a{{/until}}{{^until}}b{{#phone}}c{{^email}}d{{/email}}{{/phone}}{{/until}}')).toBe('bcd');
  });

  it('keeps its own styles by their hash', () => {
    const { value } = readTemplate('<style>a{}</style>\r\n<style media="print">b\r\n{}</style>', 'own.html');
    expect(value.contentSecurityPolicy).toMatch(/style-src 'sha256-[\w+/]{43}=' 'sha256-[\w+/]{43}='; /);
    expect(readTemplate('<p>', 'x').value.contentSecurityPolicy).toContain("style-src 'none'");
  });

  it.each([
    ['{{raeson}}', "placeholder-unknown 1:1 there is no placeholder 'raeson'"],
    ['a\nbc{{constructor}}', "placeholder-unknown 2:3 there is no placeholder 'constructor'"],
    ['{{}}', "placeholder-unknown 1:1 there is no placeholder ''"],
    ['<p title={{reason}}>', "placeholder-misplaced 1:10 'reason' stands in a tag, outside quotes"],
    ['<{{reason}}>', "placeholder-misplaced 1:2 'reason' stands in a tag, outside quotes"],
    ['</{{reason}}>', "placeholder-misplaced 1:3 'reason' stands in a tag, outside quotes"],
    ['<a href="{{reason}}">', "placeholder-misplaced 1:10 'reason' stands in 'href'"],
    ["<a HREF = 'x{{reason}}'>", "placeholder-misplaced 1:13 'reason' stands in 'href'"],
    ['<p style="{{phone_link}}">', "placeholder-misplaced 1:11 'phone_link' stands in 'style', which is code"],
    ['<style>{{reason}}</style>', "placeholder-misplaced 1:8 'reason' stands in a <style>"],
    ['<style title="{{site}}">{{reason}}</style>', "placeholder-misplaced 1:25 'reason' stands in a <style>"],
    ['<!-- {{reason}} -->', "placeholder-misplaced 1:6 'reason' stands in a comment"],
    ['<p title="{{time_script}}">', "placeholder-misplaced 1:11 'time_script' stands in an attribute"],
    ['{{#time_script}}', "placeholder-misplaced 1:1 'time_script' is no section"],
    ['{{#site}}x', "placeholder-misplaced 1:1 the section 'site' has no end"],
    ['{{/site}}x', "placeholder-misplaced 1:1 '/site' ends no section"],
    ['{{#site}}<p title="{{/site}}">', "placeholder-misplaced 1:1 the section 'site' holds half a tag"],
  ])('%s', (html, fault) => {
    expect(faults(html)).toContain(fault);
  });

  it('names what is meant', () => {
    expect(readTemplate('{{raeson}}', 'x').diagnostics[0]!.hint).toBe("did you mean 'reason'?");
  });

  it('tells all faults at once', () => {
    expect(faults('{{a1}}{{b2}}\n{{#site}}<a href="{{site}}">').length).toBe(4);
  });

  it.each([
    '<script>1</script>',
    '<form action="/x">',
    '<p style="x">',
    '<p onclick="x">',
    '<iframe src=x>',
    '<link rel="stylesheet">',
  ])('warns of what the browser will refuse: %s', (html) => {
    const [warning] = readTemplate(html, 'x').diagnostics;
    expect(warning).toMatchObject({ severity: 'warning', code: 'placeholder-misplaced' });
  });

  it('takes any text, and no value ever breaks out of a template without faults', () => {
    const bits = fc.constantFrom(
      '<p>',
      '<a href="',
      '"',
      "'",
      '>',
      '<',
      '</',
      '{{reason}}',
      '{{phone_link}}',
      '{{#site}}',
      '{{/site}}',
      '{{^until}}',
      '{{/until}}',
      '<!--',
      '-->',
      '<style>',
      '</style>',
      '=',
      ' title=',
      'x',
      '{{',
      '}}',
      '<p title="',
      '/>',
      '{{site}}',
    );
    const hostile = `"'><img src=x onerror=1>`;
    fc.assert(
      fc.property(
        fc.array(bits, { maxLength: 25 }).map((a) => a.join('')),
        (html) => {
          const { value, diagnostics } = readTemplate(html, 'x');
          if (diagnostics.some((d) => d.severity === 'error')) return;
          const wanted = { method: 'GET', accept: 'text/html', now: 0 };
          const { body } = renderPage({ ...visit, reason: hostile }, { site: hostile, phone: hostile }, wanted, {
            template: value,
          });
          expect(body.toString()).not.toContain('<img');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is bounded', () => {
    expect(faults('x'.repeat(300_000))[0]).toMatch(/^input-too-large/);
    const started = performance.now();
    readTemplate('{{'.repeat(100_000), 'x');
    readTemplate('<'.repeat(200_000), 'x');
    readTemplate('{{#site}}'.repeat(20_000), 'x');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('a logo', () => {
  it('is taken as what its bytes say', () => {
    expect(logoFrom(Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'))).toMatchObject({
      value: expect.stringMatching(/^data:image\/png;base64,iVBO/),
    });
    expect(logoFrom(Buffer.from('<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="x">'))).toMatchObject({ ok: true });
    expect(logoFrom(Buffer.from('<html>'))).toMatchObject({ ok: false, code: 'value-invalid' });
    expect(logoFrom(Buffer.alloc(70_000))).toMatchObject({ ok: false, code: 'input-too-large' });
  });
});
