import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPrefix, ipv4, prefixOf } from '../../../ip/index.ts';
import { LIST_FORMATS, type ListEntry } from './list-entry.ts';
import { parseList } from './parse-list.ts';

const show = ({ prefix, ...remark }: ListEntry): string =>
  [formatPrefix(prefix), ...Object.entries(remark).map(([k, v]) => `${k}=${v}`)].join(' ');

const read = (text: string) => {
  const { value, diagnostics } = parseList(text, 'x');
  return {
    format: value.format,
    entries: value.entries.map(show),
    faults: diagnostics.map((d) => `${d.span?.line}:${d.span?.column} ${d.severity} ${d.code}`),
  };
};

const decision = (value: string, more = ''): string =>
  `{"duration":"3h59m49.5s","id":7,"origin":"cscli","scenario":"crowdsecurity/ssh-bf","scope":"Ip","type":"ban","value":"${value}"${more}}`;

const local = new Date(2026, 10, 22, 18, 10, 0).getTime();

describe('a list', () => {
  it.each([
    [
      'plain',
      '# mine\n203.0.113.7\n\n  2001:db8::/32 // old\n198.51.100.0/24 # spam, since May\n; x\n//y\n192.0.2.1//z\n[2001:db8::1] 192.0.2.2, 192.0.2.3\r\n',
      [
        '203.0.113.7/32',
        '2001:db8::/32 reason=old',
        '198.51.100.0/24 reason=spam, since May',
        '192.0.2.1/32 reason=z',
        '2001:db8::1/128',
        '192.0.2.2/32',
        '192.0.2.3/32',
      ],
    ],
    ['plain', '192.0.2.1, 192.0.2.2, 192.0.2.3', ['192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32']],
    ['plain', '[2001:db8::1]\n', ['2001:db8::1/128']],
    ['plain', '192.0.2.1;spam\n192.0.2.2;scan\n', ['192.0.2.1/32 reason=spam', '192.0.2.2/32 reason=scan']],
    [
      'csv',
      'ip,end\n192.0.2.1,1893456000\n192.0.2.2,1893456000000\n192.0.2.3,3600\n',
      ['192.0.2.1/32 until=1893456000000', '192.0.2.2/32 until=1893456000000', '192.0.2.3/32 seconds=3600'],
    ],
    ['plain', '\ufeff192.0.2.1', ['192.0.2.1/32']],
    [
      'csv',
      'id,name,ip,comment,expires,ticket\n1,10.1,192.0.2.1,"bad, ""very""",2h,T-1\n2,x,192.0.2.2,,2030-01-01T00:00:00Z,\n3,y,192.0.2.3,,,\n',
      [
        '192.0.2.1/32 reason=bad, "very" seconds=7200 reference=T-1',
        '192.0.2.2/32 until=1893456000000',
        '192.0.2.3/32',
      ],
    ],
    ['csv', '7;192.0.2.1\n8;192.0.2.2\n', ['192.0.2.1/32', '192.0.2.2/32']],
    ['csv', '192.0.2.1\tscanner\n192.0.2.2\tspam\n', ['192.0.2.1/32', '192.0.2.2/32']],
    ['csv', 'ip,reason\n192.0.2.1,x\n', ['192.0.2.1/32 reason=x']],
    [
      'csv',
      'id,source,ip,reason,action,country,as,events_count,expiration,simulated,alert_id\n1,crowdsec,Ip:192.0.2.1,crowdsecurity/ssh-bf,ban,CN,,6,3h59m49s,false,4\n2,cscli,Range:2001:db8::/32,manual,ban,,,1,1h,false,5\n',
      ['192.0.2.1/32 reason=crowdsecurity/ssh-bf seconds=14389', '2001:db8::/32 reason=manual seconds=3600'],
    ],
    [
      'crowdsec',
      `[\n {"capacity":5,"decisions":[${decision('192.0.2.1')}],"scenario":"crowdsecurity/ssh-bf","source":{"scope":"Ip","value":"192.0.2.9"}}\n]`,
      ['192.0.2.1/32 reason=crowdsecurity/ssh-bf seconds=14389.5'],
    ],
    [
      'crowdsec',
      `{"deleted":[${decision('192.0.2.8')}],"new":[${decision('::ffff:192.0.2.1')},${decision('192.0.2.2', ',"until":"2030-01-01T00:00:00Z"')}]}`,
      [
        '192.0.2.1/32 reason=crowdsecurity/ssh-bf seconds=14389.5',
        '192.0.2.2/32 reason=crowdsecurity/ssh-bf until=1893456000000',
      ],
    ],
    [
      'fail2ban-banned',
      "[{'sshd': ['192.0.2.1', '2001:db8::1']}, {'nginx-botsearch': []}, {'recidive': ['192.0.2.2']}]\n",
      [
        "192.0.2.1/32 reason=banned by fail2ban's sshd",
        "2001:db8::1/128 reason=banned by fail2ban's sshd",
        "192.0.2.2/32 reason=banned by fail2ban's recidive",
      ],
    ],
    ['json', "['192.0.2.1']", ['192.0.2.1/32']],
    [
      'json',
      '{"prefixes":[{"ipv6Prefix":"2001:4860:4801:10::/64"},{"ipv4Prefix":"66.249.64.0/27"}]}',
      ['2001:4860:4801:10::/64', '66.249.64.0/27'],
    ],
    [
      'csv',
      '#   DShield.org Recommended Block List\n#\nStart\tEnd\tNetmask\tAttacks\tName\tCountry\temail\n198.51.100.0\t198.51.100.255\t24\t2076\tSomeNet\tUS\tabuse@example.com\n192.0.2.4\t192.0.2.8\t24\t1550\tOtherNet\tCN\t\n',
      ['198.51.100.0/24', '192.0.2.4/30', '192.0.2.8/32'],
    ],
    ['csv', 'dst,src\n192.0.2.9,192.0.2.1\n192.0.2.7,192.0.2.2\n', ['192.0.2.1/32', '192.0.2.2/32']],
    [
      'fail2ban-status',
      'Status for the jail: sshd\n|- Filter\n|  |- Currently failed:\t2\n|  |- Total failed:\t9\n|  `- File list:\t/var/log/auth.log\n`- Actions\n   |- Currently banned:\t2\n   |- Total banned:\t3\n   `- Banned IP list:\t203.0.113.7 2001:db8::1\n',
      ["203.0.113.7/32 reason=banned by fail2ban's sshd", "2001:db8::1/128 reason=banned by fail2ban's sshd"],
    ],
    [
      'fail2ban-times',
      '192.0.2.1 \t2026-11-22 18:00:00 + 600 = 2026-11-22 18:10:00\n203.0.113.7 \t2023-11-14 22:13:20 + -1 = 9999-12-31 23:59:59',
      [`192.0.2.1/32 until=${local}`, '203.0.113.7/32 until=null'],
    ],
    [
      'spamhaus',
      '; Spamhaus DROP List 2026/11/22 - (c) 2026 The Spamhaus Project SLU\n; https://www.spamhaus.org/drop/drop.txt\n1.10.16.0/20 ; SBL256894\n1.19.0.0/16 ; SBL434604\n',
      [
        '1.10.16.0/20 reason=listed by Spamhaus DROP reference=SBL256894',
        '1.19.0.0/16 reason=listed by Spamhaus DROP reference=SBL434604',
      ],
    ],
    [
      'spamhaus-json',
      '{"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"}\n{"cidr":"2001:db8::/32","sblid":"SBL1","rir":"ripencc"}\n{"type":"metadata","timestamp":1763700000,"size":93,"records":2}\n',
      [
        '1.10.16.0/20 reason=listed by Spamhaus DROP reference=SBL256894',
        '2001:db8::/32 reason=listed by Spamhaus DROP reference=SBL1',
      ],
    ],
    [
      'firehol',
      '#\n# firehol_level2\n#\n# ipv4 hash:net ipset\n#\n# Maintainer      : FireHOL\n#\n192.0.2.0/24\n198.51.100.7\n',
      [
        "192.0.2.0/24 reason=listed by FireHOL's firehol_level2",
        "198.51.100.7/32 reason=listed by FireHOL's firehol_level2",
      ],
    ],
  ])('in the format %s is recognised and read', (format, text, entries) => {
    expect(read(text)).toEqual({ format, entries, faults: [] });
    expect(read(text.replaceAll('\r', '').replaceAll('\n', '\r\n'))).toEqual({ format, entries, faults: [] });
  });

  it.each([
    [
      'plain',
      '192.0.2.1\n010.0.0.1\n  10.0.0.1/8 # x\n192.0.2.2 spam\n',
      ['2:1 error address-octal', '3:3 error prefix-host-bits', '4:11 error line-unknown'],
    ],
    [
      'plain',
      '0.0.0.0/0\n224.0.0.0/3\n2000::/18\n',
      ['1:1 warning prefix-too-wide', '2:1 warning prefix-too-wide', '3:1 warning prefix-too-wide'],
    ],
    ['csv', '192.0.2.400,a\n192.0.2.2,b\n,c\n', ['1:1 error address-invalid', '3:1 error address-invalid']],
    [
      'csv',
      'ip,until\n192.0.2.1,soon\n192.0.2.2,-5m\nCountry:CN,1h\n',
      ['2:11 error duration-invalid', '3:11 warning entry-left-out', '4:1 warning entry-left-out'],
    ],
    [
      'crowdsec',
      `[\n${decision('192.0.2.300')},\n${decision('192.0.2.1').replace('3h59m49.5s', 'soon')}]`,
      ['2:119 error address-invalid', '3:14 error duration-invalid'],
    ],
    ['crowdsec', `[${decision('192.0.2.1')},`, ['1:131 error input-cut-off']],
    ['crowdsec', `[${decision('192.0.2.1')}\n x]`, ['2:2 error json-invalid']],
    ['crowdsec', `[${decision('192.0.2.1')}]x`, ['1:132 error json-invalid']],
    [
      'crowdsec',
      `[${decision('CN').replace('Ip', 'Country')}, ${decision('192.0.2.1', ',"simulated":true')}, ${decision('192.0.2.1').replace('3h', '-3h')}]`,
      ['1:125 warning entry-left-out', '1:249 warning entry-left-out', '1:398 warning entry-left-out'],
    ],
    ['fail2ban-banned', "[{'sshd': ['anna', '192.0.2.1'", ['1:30 error input-cut-off', '1:13 warning entry-left-out']],
    [
      'fail2ban-status',
      'Status for the jail: x\n   `- Banned IP list:\tanna\nwhat\n',
      ['3:1 error line-unknown', '2:23 warning entry-left-out'],
    ],
    ['fail2ban-times', '192.0.2.1 \t2026-11-22 18:00:00 + 600 = 2026-11-22 18:10:00\nx\n', ['2:1 error line-unknown']],
    [
      'spamhaus-json',
      '{"cidr":"1.10.16.0/20"}\n{"cidr":\n{"asn":1}\n',
      ['2:1 error json-invalid', '3:1 warning entry-left-out'],
    ],
    ['plain', '# nobody\n', ['undefined:undefined warning input-unrecognised']],
    ['json', '[]', ['undefined:undefined warning input-unrecognised']],
    ['json', '{"made":"today","all":["192.0.2.1"]}', ['1:10 warning entry-left-out']],
    ['csv', 'n,192.0.2.9,192.0.2.1\nm,192.0.2.7,192.0.2.2\n', ['1:1 error value-invalid']],
    ['csv', '203.0.113.7,198.51.100.1,443\n192.0.2.7,198.51.100.1,80\n', ['1:1 error value-invalid']],
    ['csv', '10.0.0.7,198.51.100.1,443\n10.0.0.8,198.51.100.1,80\n', ['1:1 error value-invalid']],
    ['csv', 'n,ip\n1,192.0.2.1\n2,192.0.2.2\n3,dead:zz::1\n', ['4:3 error address-invalid']],
    ['csv', 'from,to\n192.0.2.1,192.0.2.2\n192.0.2.4,x\n192.0.2.8,192.0.2.9\n', ['3:11 error address-invalid']],
    ['plain', '', ['undefined:undefined warning input-unrecognised']],
    ['plain', '\u007fELF\0\0\0', ['undefined:undefined error input-unrecognised']],
  ])('in the format %s has all its faults told with their places', (format, text, faults) => {
    expect(read(text)).toMatchObject({ format, faults });
  });

  it('names each prefix once, with the later end', () => {
    expect(read('192.0.2.1\n::ffff:192.0.2.1 # why\n192.0.2.1/32 # other\n').entries).toEqual([
      '192.0.2.1/32 reason=why',
    ]);
    const table =
      'ip,for,reason\n192.0.2.1,2h,two\n192.0.2.1,3h,three\n192.0.2.1,1h,\n192.0.2.2,2030-01-01,a\n192.0.2.2,never,b\n192.0.2.2,9h,\n';
    expect(read(table).entries).toEqual([
      '192.0.2.1/32 reason=three seconds=10800',
      '192.0.2.2/32 reason=b until=null',
    ]);
  });

  it('keeps the first faults and counts the rest', () => {
    const { diagnostics } = parseList('bad.example\n'.repeat(1000), 'x');
    expect(diagnostics).toHaveLength(51);
    expect(diagnostics.at(-1)).toMatchObject({
      severity: 'error',
      message: '950 more entries of x have faults like these',
    });
  });

  it('with many warnings has no error', () => {
    const { diagnostics } = parseList('10.0.0.0/7\n'.repeat(60), 'x');
    expect(diagnostics).toHaveLength(51);
    expect(diagnostics.every((d) => d.severity === 'warning')).toBe(true);
  });

  it('is not read when its brackets are nested too deep', () => {
    expect(read(`${'['.repeat(100)}"192.0.2.1"${']'.repeat(100)}`).faults).toEqual([]);
    expect(read(`${'['.repeat(101)}"192.0.2.1"${']'.repeat(101)}`).faults).toEqual(['1:101 error json-invalid']);
  });

  it('is not read when it is too large', () => {
    expect(parseList(' '.repeat(64 * 1024 * 1024 + 1)).diagnostics).toMatchObject([{ code: 'input-too-large' }]);
  });

  it('is read in time that grows with its length', () => {
    const long = [
      '192.0.2.1 '.repeat(50_000),
      '1'.repeat(500_000),
      '"'.repeat(500_000),
      '",'.repeat(200_000),
      '['.repeat(500_000),
      '{"value":'.repeat(50_000),
      `[${'"\\'.repeat(200_000)}`,
      ' '.repeat(500_000) + 'x',
      '#'.repeat(500_000),
      ' /'.repeat(200_000),
      'Status for the jail: x\n' + '|`- '.repeat(100_000),
      `192.0.2.1 \t2026-11-22 18:00:00 + 600 = 2026-11-22 18:10:00\n${' \t'.repeat(200_000)}`,
      'a,b\n' + '"a"""'.repeat(3000) + '\n' + '"",'.repeat(6000),
      `[{"a":"${'duration'.repeat(30_000)}`,
    ];
    for (const text of long) {
      const start = performance.now();
      parseList(text);
      expect(performance.now() - start, text.slice(0, 20)).toBeLessThan(1500);
    }
  });

  it('never throws, whatever it holds', () => {
    const pieces = fc.constantFrom(
      ...[
        '192.0.2.1',
        '2001:db8::/32',
        '0.0.0.0/0',
        ',',
        ';',
        '\t',
        '\n',
        '\r\n',
        '"',
        "'",
        '[',
        ']',
        '{',
        '}',
        '(',
        ')',
        ':',
      ],
      ...[
        '"value"',
        '"duration"',
        '"1h"',
        'null',
        '#',
        '//',
        '\\',
        '\\u00',
        'Status for the jail: x',
        '`- Banned IP list:',
      ],
      ...[
        'ip,until',
        ' ',
        '2026-11-22 18:00:00 + 600 = 2026-11-22 18:10:00',
        '; SBL1',
        '{"cidr":',
        'Country:CN',
        '\ufeff',
        'x',
      ],
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map((p) => p.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (t) => {
        const { value, diagnostics } = parseList(t, 'x');
        expect(LIST_FORMATS).toContain(value.format);
        expect(new Set(value.entries.map((e) => formatPrefix(e.prefix))).size).toBe(value.entries.length);
        for (const { span } of diagnostics) {
          if (span === undefined) continue;
          const line = t.split('\n')[span.line - 1];
          expect(line).toBeDefined();
          expect(span.column).toBeLessThanOrEqual(line!.length + 1);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('gives back the prefixes that were written into it, in every format', () => {
    const prefixes = fc.uniqueArray(
      fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 8, max: 32 })).map(([n, l]) => prefixOf(ipv4(n), l)),
      { minLength: 1, maxLength: 20, selector: formatPrefix },
    );
    const writers: ((p: string[]) => string)[] = [
      (p) => p.join('\n'),
      (p) => p.join(' '),
      (p) => `n,net\n${p.map((x, i) => `${i},${x}`).join('\n')}`,
      (p) => `[${p.map((x) => decision(x)).join(',\n')}]`,
      (p) => `[{'a': [${p.map((x) => `'${x}'`).join(', ')}]}]`,
      (p) => `Status for the jail: x\n\`- Banned IP list:\t${p.join(' ')}`,
      (p) => p.map((x) => `{"cidr":"${x}","sblid":"SBL1"}`).join('\n'),
      (p) => p.map((x) => `${x} ; SBL1`).join('\n'),
    ];
    fc.assert(
      fc.property(prefixes, fc.constantFrom(...writers), (all, write) => {
        const { value, diagnostics } = parseList(write(all.map(formatPrefix)));
        expect(diagnostics).toEqual([]);
        expect(value.entries.map((e) => e.prefix)).toEqual(all);
      }),
      { numRuns: 500 },
    );
  });
});
