import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatPrefix, hasErrors } from '../../../ip/index.ts';
import { parseList } from './parse-list.ts';

const local = new Date(2026, 10, 22, 19, 5, 49).getTime();
const CAPTCHA = "manual 'captcha' from 'm1'";
const BAN = "manual 'ban' from 'm1'";

/** Exports of CrowdSec 1.4.6 and fail2ban 1.0.2, as they came. */
const GOLDEN: Readonly<Record<string, readonly [string, readonly string[], number]>> = {
  'cscli-list.json': [
    'crowdsec',
    [
      `2001:db8::/48 ${CAPTCHA} 14399.381784866`,
      `192.0.2.2/32 ${BAN} 5398.381783041`,
      '192.0.2.1/32 manual, "quoted" 14398.381781742',
    ],
    1,
  ],
  'cscli-list.csv': [
    'csv',
    [
      `2001:db8::/48 ${CAPTCHA} 14399.282063259`,
      `192.0.2.2/32 ${BAN} 5398.282056621`,
      '192.0.2.1/32 manual, "quoted" 14398.282053683',
    ],
    1,
  ],
  'lapi-stream.json': [
    'crowdsec',
    [
      `192.0.2.2/32 ${BAN} 5398.140796377`,
      '192.0.2.1/32 manual, "quoted" 14398.140792683',
      `2001:db8::/48 ${CAPTCHA} 14399.140792013`,
    ],
    1,
  ],
  'lapi-delta.json': ['crowdsec', [], 1],
  'lapi-decisions.json': [
    'crowdsec',
    [
      `192.0.2.2/32 ${BAN} 5398.099175068`,
      '192.0.2.1/32 manual, "quoted" 14398.099172842',
      `2001:db8::/48 ${CAPTCHA} 14399.099172467`,
    ],
    1,
  ],
  'fail2ban-banned.txt': [
    'fail2ban-banned',
    [
      "192.0.2.1/32 banned by fail2ban's sshd",
      "2001:db8::1/128 banned by fail2ban's sshd",
      "203.0.113.7/32 banned by fail2ban's nginx-botsearch",
    ],
    0,
  ],
  'fail2ban-status.txt': [
    'fail2ban-status',
    ["192.0.2.1/32 banned by fail2ban's sshd", "2001:db8::1/128 banned by fail2ban's sshd"],
    0,
  ],
  'fail2ban-banip-with-time.txt': [
    'fail2ban-times',
    [`192.0.2.1/32 ${local}`, `2001:db8::1/128 ${local}`, '203.0.113.7/32 null'],
    0,
  ],
  'fail2ban-banip.txt': ['plain', ['192.0.2.1/32', '2001:db8::1/128'], 0],
};

describe('an export', () => {
  it.each(Object.entries(GOLDEN))('%s is read', (name, [format, entries, warnings]) => {
    const text = readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');
    const { value, diagnostics } = parseList(text, name);
    const shown = value.entries.map(({ prefix, ...said }) => [
      formatPrefix(prefix),
      ...Object.values(said).map(String),
    ]);
    expect(shown.map((words) => words.join(' '))).toEqual(entries);
    expect(value.format).toBe(format);
    expect(hasErrors(diagnostics)).toBe(false);
    expect(diagnostics.length).toBe(warnings);
  });
});
