import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { networkFileJsonSchema } from './index.ts';

it('schema/network.schema.json is what the schema gives now: else npm run schemas', () => {
  const file = readFileSync(join(import.meta.dirname, '../../schema/network.schema.json'), 'utf8');
  expect(JSON.parse(file)).toEqual(networkFileJsonSchema());
});
