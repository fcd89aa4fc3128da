import type { Diagnostic } from '../../ip/index.ts';

/** Pixels of the PNG for each pixel of the drawing. */
const SCALE = 2;

/** A PNG, or what is missing to make one. */
export type PngResult =
  { readonly ok: true; readonly png: Uint8Array } | { readonly ok: false; readonly diagnostic: Diagnostic };

type Resvg = (typeof import('@resvg/resvg-js'))['Resvg'];

/**
 * The SVG as a PNG in the light theme, twice as large. The renderer is loaded when it is first needed; without it the
 * diagnostic `component-missing` names the package. Fonts are the system's.
 */
export async function svgPng(svg: string, load: () => Promise<{ Resvg: Resvg }> = loadResvg): Promise<PngResult> {
  let Resvg: Resvg;
  try {
    ({ Resvg } = await load());
  } catch {
    return {
      ok: false,
      diagnostic: {
        code: 'component-missing',
        severity: 'error',
        message: 'the npm package @resvg/resvg-js is missing, which turns pictures into PNG',
        hint: 'npm install @resvg/resvg-js, or write the picture as SVG',
      },
    };
  }
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' },
  });
  return { ok: true, png: image.render().asPng() };
}

const loadResvg = (): Promise<{ Resvg: Resvg }> => import('@resvg/resvg-js');
