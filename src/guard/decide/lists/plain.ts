import { eachLine } from './lines.ts';
import type { ListCollector } from './list-collector.ts';
import type { ListRemark } from './list-entry.ts';

/** A line of a plain list: what stands before the remark, and the remark itself. */
interface Line {
  readonly words: string;
  readonly remark: string;
}

/** Cuts a line at `#`, `;` or `//`. */
export function cutRemark(line: string): Line {
  const found = /[#;]|\/\//.exec(line);
  if (found === null) return { words: line, remark: '' };
  return { words: line.slice(0, found.index), remark: line.slice(found.index).replace(/^[#;/\s]+/, '') };
}

/** Reads addresses and prefixes, one or more a line; the remark behind them is why. `common` holds for all of them. */
export function readPlain(text: string, into: ListCollector, common: ListRemark = {}): void {
  readWords(text, into, (remark) => (remark === '' ? common : { ...common, reason: remark }));
}

/** As `readPlain`; `remarkOf` says what a line's remark means. */
export function readWords(text: string, into: ListCollector, remarkOf: (remark: string) => ListRemark): void {
  eachLine(text, (line, at) => {
    const { words, remark } = cutRemark(line);
    const said = remarkOf(remark);
    let first = true;
    for (const found of words.matchAll(/[^\s,]+/g)) {
      const place = at + found.index;
      if (first || isLikeAddress(found[0])) {
        if (!into.add(found[0], place, said)) return;
      } else {
        const message = `'${found[0].slice(0, 40)}' behind an address is not understood`;
        const hint = 'put # before a remark';
        into.fault({ code: 'line-unknown', severity: 'error', message, hint }, { at: place, length: found[0].length });
        return;
      }
      first = false;
    }
  });
}

const isLikeAddress = (word: string): boolean => /^\[?[0-9a-f]*[.:]/i.test(word);
