import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';

/**
 * `code-cache.ts BUNDLE NETWORK`: runs common commands of the built command line, so that V8 compiles what they need,
 * and writes V8's code cache beside the bundle, with a SHA-1 of source and cache at its end, as bin/waymark wants it. A
 * process of its own, because the commands write and set exit codes.
 */
const [filename, network] = process.argv.slice(2) as [string, string];
const source = readFileSync(filename);
const script = new Script(source.toString('latin1'), { filename });
const run = script.runInThisContext() as (require: NodeJS.Require) => void;
const way = ['laptop', 'linux-server', '-n', network];
const lines = [
  ['explain', ...way],
  ['fix', ...way],
  ['draw', ...way],
  ['check', '-n', network],
  ['explain', '--help'],
];
for (const words of lines) {
  process.argv = ['node', 'waymark', ...words];
  run(createRequire(filename));
}
process.on('exit', () => {
  const cache = script.createCachedData();
  const sum = createHash('sha1').update(source).update(cache).digest();
  writeFileSync(`${filename}.cache`, Buffer.concat([cache, sum]));
  process.exitCode = 0;
});
