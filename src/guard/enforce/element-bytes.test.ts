import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ipv4, ipv6, parseAddress } from '../../ip/index.ts';
import { ElementBytes } from './element-bytes.ts';

const word = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffffffff));
const address = fc.oneof(
  word.map(ipv4),
  fc.tuple(word, word, word, word).map((w) => ipv6(...w)),
);
const left = fc.option(fc.oneof(fc.nat(1e9), fc.constantFrom(-1, 0, 0.5, 999, 86_400_000, 36_500 * 86_400_000)));

it('writes addresses and times that mean what they should', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(address, left), { maxLength: 200 }), (all) => {
      const bytes = new ElementBytes();
      for (const [a, ms] of all) bytes.add(a, ms);
      const words = bytes.bytes
        .toString()
        .split(', ')
        .filter((w) => w !== '');
      expect(words.length).toBe(all.length);
      for (const [i, [a, ms]] of all.entries()) {
        const [name, , time] = words[i]!.split(' ');
        expect(parseAddress(name!)).toEqual({ ok: true, value: a });
        const parts = /^(\d{1,8})d(\d{1,8})s(\d{1,8})ms$/
          .exec(time ?? '')
          ?.slice(1)
          .map(Number);
        const [d, s, rest] = parts ?? [];
        expect(parts && d! * 86_400_000 + s! * 1000 + rest!).toBe(
          ms === null ? undefined : Math.max(1, Math.floor(ms)),
        );
      }
      bytes.clear();
      expect(bytes.length).toBe(0);
    }),
  );
});
