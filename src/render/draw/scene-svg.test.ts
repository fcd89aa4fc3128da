import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { office, officeFindings, officeLost } from '../test-support/office.ts';
import { anyExample } from '../test-support/random.ts';
import { escapeXml } from './escape.ts';
import { layout } from './layout.ts';
import { svgToPng } from './png.ts';
import { sceneSvg } from './scene-svg.ts';
import { DARK, LIGHT, type Theme } from './svg-style.ts';
import { fitText, textWidth } from './text-width.ts';

const officeSvg = sceneSvg(layout(office, officeLost, officeFindings));

/** A reader of exactly the XML that we write: elements, attributes in double quotes, texts, five entities. */
function readXml(xml: string): { tags: string[]; texts: string[] } {
  const [tags, texts, open]: [string[], string[], string[]] = [[], [], []];
  const piece = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>|([^<>]+)/gy;
  let at = 0;
  for (let m = piece.exec(xml); m; m = piece.exec(xml)) {
    at = piece.lastIndex;
    const [, close, tag, , alone, text] = m;
    if (text !== undefined) {
      expect(text.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      if (text.trim() !== '') texts.push(text);
    } else if (close) expect(open.pop()).toBe(tag);
    else {
      tags.push(tag!);
      if (!alone) open.push(tag!);
    }
  }
  expect(at).toBe(xml.length);
  expect(open).toEqual([]);
  return { tags, texts };
}

describe('sceneSvg', () => {
  it('draws the office', async () => {
    await expect(officeSvg).toMatchFileSnapshot('../golden/office.svg');
  });

  it('has a name and a description, and nothing from outside', () => {
    const { tags } = readXml(officeSvg);
    expect(tags.slice(0, 4)).toEqual(['svg', 'title', 'desc', 'style']);
    expect(officeSvg).toContain('role="img" aria-labelledby="wm-title wm-desc"');
    expect(officeSvg).toContain('<title id="wm-title">laptop -&gt; linux-server: no answer. ping times out.</title>');
    expect(officeSvg).toMatch(/<desc id="wm-desc">.*the way back: linux-server, router; it ends at router/i);
    expect(officeSvg).toContain('prefers-color-scheme:dark');
    expect(officeSvg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|<script|href/);
  });

  it('is well-formed whatever the names are', () => {
    fc.assert(
      fc.property(anyExample, ({ network, trip, findings }) => {
        const { tags } = readXml(sceneSvg(layout(network, trip, findings)));
        expect(new Set(tags)).toEqual(
          new Set([...tags].filter((t) => /^(svg|title|desc|style|rect|path|circle|text)$/.test(t))),
        );
      }),
      { numRuns: 80 },
    );
  });

  it('escapes so that reading gives the text back', () => {
    const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeXml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        const read = escaped.replace(/&(amp|lt|gt|quot|#39);/g, (e) => entities[e]!);
        const lost = Array.from(read).filter((c, i) => c !== Array.from(text)[i]);
        expect(lost.every((c) => c === '\ufffd')).toBe(true);
        expect(Array.from(read)).toHaveLength(Array.from(text).length);
      }),
    );
    expect(escapeXml('\u0000\ud800\u0008')).toBe('\ufffd\ufffd\ufffd');
  });
});

describe('colours', () => {
  const luminance = (hex: string): number => {
    const part = (i: number): number => {
      const c = parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
  };
  const contrast = (a: string, b: string): number => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
    return (high + 0.05) / (low + 0.05);
  };
  const bands = (t: Theme): string[] => [t.lan, t.tunnel, t.internet];

  it.each([['light', LIGHT], ['dark', DARK]] as const)('have enough contrast: %s', (_, t) => {
    for (const ground of [t.paper, t.box, ...bands(t)]) {
      for (const ink of [t.text, t.faint, t.dead]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
      for (const ink of [t.there, t.back]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(t.dead, t.deadCard)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(t.fix, t.fixCard)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(t.edge, t.paper)).toBeGreaterThanOrEqual(3);
  }); // prettier-ignore
});

describe('text width', () => {
  it('knows DejaVu Sans', () => {
    expect(textWidth('10.5.5.20', 1000)).toBe(636 * 6 + 318 * 3);
    expect(textWidth('iW', 1000, true)).toBe(343 + 1103);
  });
  it('cuts what does not fit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 20, max: 200 }), (text, width) => {
        expect(textWidth(fitText(text, width, 13), 13)).toBeLessThanOrEqual(width);
      }),
    );
    expect(fitText('office', 100, 13)).toBe('office');
    expect(fitText('a-very-long-name', 60, 13)).toMatch(/^a-v.*…$/);
  });
});

describe('svgToPng', () => {
  it('makes a PNG twice as large', async () => {
    const { value, diagnostics } = await svgToPng(officeSvg);
    expect(diagnostics).toEqual([]);
    const bytes = Buffer.from(value!);
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    const width = Number(/width="([\d.]+)"/.exec(officeSvg)![1]);
    expect(bytes.readUInt32BE(16)).toBe(Math.round(2 * width));
  });
  it('names the package that is missing', async () => {
    const { value, diagnostics } = await svgToPng(officeSvg, () => Promise.reject(new Error('not found')));
    expect(value).toBeNull();
    expect(diagnostics).toMatchObject([{ code: 'component-missing', severity: 'error' }]);
    expect(diagnostics[0]!.message).toContain('@resvg/resvg-js');
  });
});
