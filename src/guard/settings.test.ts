import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../ip/index.ts';
import { DEFAULT_SETTINGS, parseGuardSettings } from './settings.ts';

const faults = (text: string): readonly string[] =>
  parseGuardSettings(text, 'guard.yaml').diagnostics.map((d) => `${d.code} ${d.span!.line}:${d.span!.column}`);

describe('settings of the guard', () => {
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
      delivery: { ports: [{ site: 8080, page: 9080 }] },
      engine: 'iptables',
      contact: { site: 'Example', phone: '+49 30 1234', email: 'help@example.org' },
    });
    expect(value.delivery.allowed.map(formatPrefix)).toEqual(['192.0.2.0/24', '2001:db8::1/128']);
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
