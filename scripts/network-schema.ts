import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { networkFileJsonSchema } from '../src/facts/index.ts';

// Writes schema/network.schema.json, which editors take to check and complete network files.
const file = resolve(import.meta.dirname, '../schema/network.schema.json');
writeFileSync(file, `${JSON.stringify(networkFileJsonSchema(), null, 2)}\n`);
