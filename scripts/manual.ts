import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { manual } from '../src/app/cli/describe/manual.ts';

// Writes the manual page, from the texts of --help.
writeFileSync(resolve(import.meta.dirname, '../docs/waymark.1'), await manual());
