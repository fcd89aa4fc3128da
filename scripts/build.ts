import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the command line into dist/waymark.cjs: one file, so that it starts fast, and V8's code cache for it. Names
 * are kept, so that a stack trace in a report can be read. The file is one function that takes `require`: bin/waymark
 * runs it. `build.ts [FOLDER]`: below which folder dist/ is made; the checkout when not said.
 */
const root = resolve(import.meta.dirname, '..');
const bundle = resolve(process.argv[2] ?? root, 'dist/waymark.cjs');
rmSync(`${bundle}.cache`, { force: true });
await build({
  entryPoints: [`${root}/src/app/cli/bin.ts`],
  outfile: bundle,
  bundle: true,
  minifyWhitespace: true,
  minifySyntax: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // a script with a code cache cannot import(), but it can require
  supported: { 'dynamic-import': false },
  external: ['@resvg/resvg-js'],
  banner: { js: '(function(require){' },
  footer: { js: '})' },
  legalComments: 'none',
  logLevel: 'warning',
});

const network = `${root}/examples/office/network.yaml`;
const made = spawnSync(process.execPath, [...process.execArgv, `${root}/scripts/code-cache.ts`, bundle, network], {
  stdio: 'ignore',
  timeout: 60_000,
});
if (made.status !== 0) throw new Error('no code cache was made');
