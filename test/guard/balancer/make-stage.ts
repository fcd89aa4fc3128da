import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { stageIn, type Stage } from './balancer.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Builds waymark and programs of this folder into another, beside a certificate for the site. All may read them. */
export async function makeStage(folder: string, programs: readonly string[] = []): Promise<Stage> {
  const stage = stageIn(folder);
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=site.example', '-addext', 'subjectAltName=DNS:site.example'];
  const files = ['-keyout', stage.key, '-out', stage.certificate];
  execFileSync('openssl', [...made, ...named, ...files], { stdio: 'pipe' });
  // as it is installed: it starts in half the time
  execFileSync(join(ROOT, 'node_modules/.bin/tsx'), [join(ROOT, 'scripts/build.ts'), folder], { stdio: 'pipe' });
  mkdirSync(join(folder, 'bin'));
  copyFileSync(join(ROOT, 'bin/waymark'), stage.waymark);
  chmodSync(folder, 0o755);
  await build({
    entryPoints: ['actor', ...programs].map((name) => ({ in: join(import.meta.dirname, `${name}.ts`), out: name })),
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
