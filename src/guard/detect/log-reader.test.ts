import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../../ip/index.ts';
import { knownFormats } from '../source/recognise-format.ts';
import { Detective } from './detective.ts';
import { LogReader } from './log-reader.ts';
import { WEB_DETECTORS } from './shipped-detectors.ts';

const line = (path: string): string =>
  `192.0.2.7 - - [21/Nov/2026:10:00:00 +0000] "GET ${path} HTTP/1.1" 404 1 "-" "x"`;

describe('LogReader', () => {
  const reader = (): LogReader =>
    new LogReader(
      new Detective(WEB_DETECTORS),
      null,
      knownFormats(() => 0),
    );

  it('reads a line that comes in pieces, once', () => {
    const read = reader();
    expect(read.push(`${line('/.env')}\n${line('/.git/config')}\n${line('/phpmyadmin/').slice(0, 30)}`, 0)).toEqual([]);
    expect(read.pending).toBe(30);
    const verdicts = read.push(`${line('/phpmyadmin/').slice(30)}\n`, 0);
    expect(verdicts.map((v) => formatPrefix(v.offence.prefix))).toEqual(['192.0.2.7/32']);
    expect(read.end(0)).toEqual([]);
  });
  it('ends the last line of a file, so that the next file begins one', () => {
    const read = reader();
    read.push(`${line('/.env')}\n${line('/.git/config')}`, 0);
    expect(read.end(0)).toEqual([]);
    expect(read.pending).toBe(0);
    expect(read.push(`${line('/phpmyadmin/')}\n`, 0)).toHaveLength(1);
  });
});
