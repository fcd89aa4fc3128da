import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { networkFileJsonSchema } from '../src/facts/index.ts';
import { settingsJsonSchema } from '../src/guard/index.ts';
import { appealsJsonSchema } from '../src/render/appeals-schema.ts';
import { checkJsonSchema } from '../src/render/check-schema.ts';
import { explainJsonSchema } from '../src/render/explain-schema.ts';
import { fixJsonSchema } from '../src/render/fix-schema.ts';
import { routeEditJsonSchema } from '../src/render/route-edit-schema.ts';
import { routeListJsonSchema } from '../src/render/route-list-schema.ts';
import { routeWhyJsonSchema } from '../src/render/route-why-schema.ts';
import { translateJsonSchema } from '../src/render/translate-schema.ts';

// Writes the JSON Schemas: of network files and of the guard's settings, which editors take to check and complete them, and of what --json prints.
const SCHEMAS = {
  network: networkFileJsonSchema(),
  guard: settingsJsonSchema(),
  appeals: appealsJsonSchema(),
  check: checkJsonSchema(),
  explain: explainJsonSchema(),
  fix: fixJsonSchema(),
  'route-edit': routeEditJsonSchema(),
  'route-list': routeListJsonSchema(),
  'route-translate': translateJsonSchema(),
  'route-why': routeWhyJsonSchema(),
};
for (const [name, schema] of Object.entries(SCHEMAS)) {
  const file = resolve(import.meta.dirname, `../schema/${name}.schema.json`);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
