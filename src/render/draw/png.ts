import type { Parsed } from '../../ip/index.ts';

/** Pixels of the PNG for each pixel of the drawing. */
const SCALE = 2;

type Resvg = (typeof import('@resvg/resvg-js'))['Resvg'];

/**
 * The SVG as a PNG in the light theme, twice as large. The renderer is loaded when it is first needed; without it the value is null and the diagnostic `component-missing` names the package. Fonts are the system's.
 */
export async function svgToPng(
  svg: string,
  load: () => Promise<{ Resvg: Resvg }> = loadResvg,
): Promise<Parsed<Uint8Array | null>> {
  let Resvg: Resvg;
  try {
    ({ Resvg } = await load());
  } catch {
    return {
      value: null,
      diagnostics: [
        {
          code: 'component-missing',
          severity: 'error',
          message: 'the npm package @resvg/resvg-js is missing, which turns pictures into PNG',
          hint: 'npm install @resvg/resvg-js, or write the picture as SVG',
        },
      ],
    };
  }
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' },
  });
  return { value: image.render().asPng(), diagnostics: [] };
}

const loadResvg = (): Promise<{ Resvg: Resvg }> => import('@resvg/resvg-js');
