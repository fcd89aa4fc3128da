import { build } from 'esbuild';
import { resolve } from 'node:path';

/** Bundles the command line into dist/waymark.cjs: one file, so that it starts fast. */
const root = resolve(import.meta.dirname, '..');
await build({
  entryPoints: [`${root}/src/app/cli/bin.ts`],
  outfile: `${root}/dist/waymark.cjs`,
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['@resvg/resvg-js'],
  legalComments: 'none',
  logLevel: 'warning',
});
