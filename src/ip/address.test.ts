import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import { describe, expect, it } from 'vitest';
import {
  addToAddress,
  compareAddress,
  contains,
  formatAddress,
  formatPrefix,
  fromBigInt,
  ipv4,
  isPrivate,
  lastAddress,
  parseAddress,
  parsePrefix,
  prefixOf,
  toBigInt,
  type Address,
} from './index.ts';

const address4 = fc.nat(0xffffffff).map((n) => ipv4(n));
const address6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((n) => fromBigInt(n, 6));
// zeros in a row, as real addresses have them
const sparse6 = fc.array(fc.constantFrom(0n, 0n, 0n, 1n, 0xdb8n, 0xffffn), { minLength: 8, maxLength: 8 }).map((g) =>
  fromBigInt(
    g.reduce<bigint>((v, x) => (v << 16n) | x, 0n),
    6,
  ),
);
const address = fc.oneof(address4, address6, sparse6);

const read = (text: string): Address => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
};

describe('addresses', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(address, (a) => {
        expect(read(formatAddress(a))).toEqual(a);
      }),
    );
  });

  it('are written as another library writes them', () => {
    fc.assert(
      fc.property(fc.oneof(address6, sparse6), (a) => {
        const text = formatAddress(a);
        fc.pre(!text.includes('.'));
        expect(text).toBe(new Address6(text).correctForm());
      }),
    );
    fc.assert(
      fc.property(address4, (a) => {
        expect(formatAddress(a)).toBe(new Address4(formatAddress(a)).correctForm());
      }),
    );
  });

  it.each([
    ['10.1', 'address-short'],
    ['010.0.0.1', 'address-octal'],
    ['10.0.0.256', 'address-invalid'],
    ['10.0.0.1.2', 'address-invalid'],
    ['1:2:3:4:5:6:7', 'address-invalid'],
    ['1::2::3', 'address-invalid'],
    ['::1.2.3.400', 'address-invalid'],
    ['fe80::1%eth0', 'address-invalid'],
    ['', 'address-invalid'],
  ])('refuse %j with %s', (text, code) => {
    expect(parseAddress(text)).toMatchObject({ ok: false, code });
  });

  it('never throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%/]{0,50}$/)), (text) => {
        parseAddress(text);
        parsePrefix(text);
      }),
    );
  });

  it('are ordered and counted as the integers that they are', () => {
    fc.assert(
      fc.property(address6, address6, (a, b) => {
        expect(Math.sign(compareAddress(a, b))).toBe(
          toBigInt(a) < toBigInt(b) ? -1 : toBigInt(a) > toBigInt(b) ? 1 : 0,
        );
      }),
    );
    expect(formatAddress(addToAddress(ipv4(0xffffffff), 1))).toBe('0.0.0.0');
  });
});

describe('prefixes', () => {
  it('contain what lies between their first and last address', () => {
    const length = (a: Address) => fc.nat(a.family === 4 ? 32 : 128);
    fc.assert(
      fc.property(
        address.chain((a) => fc.tuple(fc.constant(a), length(a), address)),
        ([a, n, b]) => {
          const prefix = prefixOf(a, n);
          const between =
            a.family === b.family &&
            toBigInt(b) >= toBigInt(prefix.address) &&
            toBigInt(b) <= toBigInt(lastAddress(prefix));
          expect(contains(prefix, b)).toBe(between);
          expect(contains(prefix, a)).toBe(true);
          expect(parsePrefix(formatPrefix(prefix))).toEqual({ ok: true, value: prefix });
        },
      ),
    );
  });

  it('refuse host bits and say what was meant', () => {
    expect(parsePrefix('10.8.0.1/24')).toMatchObject({
      ok: false,
      code: 'prefix-host-bits',
      hint: 'the network is 10.8.0.0/24',
    });
    expect(parsePrefix('10.8.0.0/33')).toMatchObject({ ok: false, code: 'prefix-invalid' });
    expect(parsePrefix('10.8.0.0/08')).toMatchObject({ ok: false, code: 'prefix-invalid' });
  });

  it('know what no provider carries', () => {
    const asked = [
      '10.8.0.6',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      'fd00::1',
      '203.0.113.1',
      '8.8.8.8',
      '2001:db8::1',
    ];
    expect(asked.filter((a) => isPrivate(read(a)))).toEqual(asked.slice(0, 5));
  });
});
