import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../ip/index.ts';
import { DEFAULT_SETTINGS, parseGuardSettings, settingsJsonSchema } from './settings.ts';

const faults = (text: string): readonly string[] =>
  parseGuardSettings(text, 'guard.yaml').diagnostics.map((d) => `${d.code} ${d.span!.line}:${d.span!.column}`);

describe('settings of the guard', () => {
  it('have a schema that is published: else npm run schemas', () => {
    const file = readFileSync(join(import.meta.dirname, '../../schema/guard.schema.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(settingsJsonSchema());
  });
  it('are the usual ones when nothing is said', () => {
    expect(parseGuardSettings('', 'guard.yaml')).toEqual({ value: DEFAULT_SETTINGS, diagnostics: [] });
  });
  it('are read', () => {
    const { value, diagnostics } = parseGuardSettings(
      `ports: [ { site: 8080, page: 9080 } ]
engine: iptables
allow: [ 192.0.2.0/24, 2001:db8::1 ]
contact: { site: Example, phone: "+49 30 1234", email: help@example.org }
`,
      'guard.yaml',
    );
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({
      ports: [{ site: 8080, page: 9080, tls: false }],
      engine: 'iptables',
      contact: { site: 'Example', phone: '+49 30 1234', email: 'help@example.org' },
    });
    expect(value.allow.map(formatPrefix)).toEqual(['192.0.2.0/24', '2001:db8::1/128']);
  });
  it('want a certificate for ports with TLS', () => {
    expect(faults('ports: [ { site: 80, page: 18080 }, { site: 443, page: 18443 } ]')).toEqual(['key-missing 1:37']);
    const files = 'certificates: [ { certificate: a.pem, key: a.key } ]';
    expect(parseGuardSettings(`ports: [ { site: 443, page: 18443 } ]\n${files}`, 'x')).toMatchObject({
      value: { ports: [{ tls: true }], certificates: [{ certificate: 'a.pem', key: 'a.key' }] },
      diagnostics: [],
    });
  });
  it('are told where they are wrong, all at once', () => {
    expect(faults('ports: []\nengin: nft\nallow: [10.0.0.1/8, nonsense, 4]\ncontact: { phones: 1 }\n')).toEqual([
      'value-invalid 1:8',
      'key-unknown 2:1',
      'prefix-host-bits 3:9',
      'address-invalid 3:21',
      'value-invalid 3:31',
      'key-unknown 4:12',
    ]);
  });
});
