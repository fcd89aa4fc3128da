import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix, fromBigInt, ipv4, parsePrefix, prefixOf } from '../../ip/index.ts';
import { isTooWide, parseTarget, readTarget } from './target.ts';

const codes = (text: string): string[] => parseTarget(text).diagnostics.map((d) => `${d.severity} ${d.code}`);

const wanted = (text: string): string => {
  const { value } = parseTarget(text);
  return value === null ? 'none' : formatPrefix(value);
};

const address = fc.oneof(
  fc.nat(0xffffffff).map((n) => ipv4(n)),
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((n) => fromBigInt(n, 6)),
);

describe('a target', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7/32'],
    ['  203.0.113.0/24\n', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.7/32'],
    ['::FFFF:cb00:7107', '203.0.113.7/32'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7/32'],
    ['[::ffff:203.0.113.7]', '203.0.113.7/32'],
    ['::ffff:203.0.113.0/120', '203.0.113.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['2001:DB8::A', '2001:db8::a/128'],
    ['[2001:db8::]/32', '2001:db8::/32'],
    ['[2001:db8::/32]', '2001:db8::/32'],
    ['fe80::1%eth0', 'fe80::1/128'],
    ['fe80::%eth0/64', 'fe80::/64'],
    ['::', '::/128'],
  ])('written as %j is %s', (text, prefix) => {
    expect(wanted(text)).toBe(prefix);
  });

  it.each([
    ['203.0.113.7/24', 'prefix-host-bits', 'the network is 203.0.113.0/24'],
    ['2001:db8::7/64', 'prefix-host-bits', 'the network is 2001:db8::/64'],
    ['::ffff:203.0.113.7/120', 'prefix-host-bits', 'the network is 203.0.113.0/24'],
    ['::ffff:203.0.113.7/24', 'prefix-host-bits', 'write 203.0.113.0/24'],
    ['010.0.0.1', 'address-octal', 'leave the zero out'],
    ['10.1', 'address-short', 'write all four numbers'],
    ['203.0.113.7:443', 'address-invalid', 'leave the port out: 203.0.113.7'],
    ['[2001:db8::1]:443', 'address-invalid', 'leave the port out: 2001:db8::1'],
    ['203.0.113.7/255.255.255.0', 'prefix-invalid', 'write 203.0.113.0/24'],
    ['203.0.113.0/255.0.255.0', 'prefix-invalid', 'write a number from 0 to 32'],
    ['203.0.113.*', 'address-invalid', 'write 203.0.113.0/24'],
    ['203.0.113.1-203.0.113.9', 'address-invalid', 'a range is no prefix: write the prefixes that it is made of'],
    ['bad.example.org', 'address-invalid', 'write the address: a name may have another one tomorrow'],
    ['', 'address-invalid', 'write an address, such as 203.0.113.7, or a prefix, such as 203.0.113.0/24'],
    ['203.0.113.0/33', 'prefix-invalid', 'write a number from 0 to 32'],
  ])('written as %j is refused with %s and a hint', (text, code, hint) => {
    expect(parseTarget(text)).toMatchObject({ value: null, diagnostics: [{ code, severity: 'error', hint }] });
  });

  it('is refused with a zone or brackets where none belong', () => {
    for (const text of ['203.0.113.7%eth0', 'fe80::1%', '[fe80::1', '[]', '[fe80::1]x', '%eth0']) {
      expect(codes(text), text).toEqual(['error address-invalid']);
    }
  });

  it('comes with a note on what was left out and what else there is', () => {
    expect(codes('fe80::1%eth0')).toEqual(['note zone-ignored', 'note address-single']);
    expect(parseTarget('2001:db8:1:2:3::7').diagnostics).toMatchObject([
      { code: 'address-single', hint: 'to block them all: 2001:db8:1:2::/64' },
    ]);
    expect(codes('2001:db8::/64')).toEqual([]);
    expect(codes('203.0.113.7')).toEqual([]);
  });

  it('is one whatever way it is written', () => {
    fc.assert(
      fc.property(address, fc.nat(128), (a, n) => {
        const prefix = prefixOf(a, a.family === 4 ? n % 33 : n);
        const text = formatPrefix(prefix);
        fc.pre(!text.startsWith('::ffff:'));
        const slash = text.indexOf('/');
        const ways = [text, text.toUpperCase(), ` ${text}`];
        if (a.family === 6) ways.push(`[${text}]`, `${text.slice(0, slash)}%eth0${text.slice(slash)}`);
        else ways.push(`::ffff:${formatAddress(prefix.address)}/${prefix.length + 96}`);
        for (const way of ways) expect(readTarget(way), way).toMatchObject({ ok: true, value: { prefix } });
      }),
    );
  });

  it('never throws, and what it hints at is a target or a sentence', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%/[\]*-]{0,60}$/));
    fc.assert(
      fc.property(text, (t) => {
        const [fault] = parseTarget(t).diagnostics;
        const hinted = /^(?:the network is|write) (\S+\/\d+)$/.exec(fault?.hint ?? '');
        if (hinted !== null) expect(readTarget(hinted[1]!)).toMatchObject({ ok: true });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a prefix', () => {
  it.each([
    ['0.0.0.0/0', true],
    ['10.0.0.0/7', true],
    ['10.0.0.0/8', false],
    ['2000::/18', true],
    ['2000::/19', false],
  ])('%s is too wide: %s', (text, tooWide) => {
    const prefix = parsePrefix(text);
    expect(prefix.ok && isTooWide(prefix.value)).toBe(tooWide);
  });
});
