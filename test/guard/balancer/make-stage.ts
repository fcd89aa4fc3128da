import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { stageIn, type Stage } from './balancer.ts';

/** Bundles waymark and programs of this folder into another, beside a certificate for the site. */
export async function makeStage(folder: string, programs: readonly string[] = []): Promise<Stage> {
  const stage = stageIn(folder);
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=site.example', '-addext', 'subjectAltName=DNS:site.example'];
  const files = ['-keyout', stage.key, '-out', stage.certificate];
  execFileSync('openssl', [...made, ...named, ...files], { stdio: 'pipe' });
  await build({
    entryPoints: [
      { in: join(import.meta.dirname, '../../../src/app/cli/bin.ts'), out: 'waymark' },
      ...['actor', ...programs].map((name) => ({ in: join(import.meta.dirname, `${name}.ts`), out: name })),
    ],
    external: ['@resvg/resvg-js'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // what is CommonJS inside asks for it
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return stage;
}
