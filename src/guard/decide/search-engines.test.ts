import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '../../ip/index.ts';
import { engineOfName, SEARCH_ENGINES, searchEngineOf } from './search-engines.ts';

const address = (text: string): Address => {
  const read = parseAddress(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};

describe('a search engine', () => {
  it.each([
    ['crawl-66-249-66-1.googlebot.com', 'Google'],
    ['rate-limited-proxy-66-249-90-77.google.com.', 'Google'],
    ['MSNBOT-157-55-39-1.SEARCH.MSN.COM', 'Bing'],
    ['17-58-101-179.applebot.apple.com', 'Apple'],
    ['5-255-253-1.spider.yandex.com', 'Yandex'],
    ['baiduspider-180-76-15-5.crawl.baidu.com', 'Baidu'],
    ['1.2.3.4.bc.googleusercontent.com', undefined],
    ['crawl.evilgooglebot.com', undefined],
    ['googlebot.com.example.org', undefined],
    ['crawl.googlebot.com..', undefined],
    ['', undefined],
  ])('%j is the name of %s', (name, engine) => {
    expect(engineOfName(name)?.name).toBe(engine);
  });

  it('is believed only when the name leads back to the address', () => {
    const crawler = address('66.249.66.1');
    const name = 'crawl-66-249-66-1.googlebot.com';
    expect(searchEngineOf(crawler, [{ name, addresses: [crawler] }])?.name).toBe('Google');
    expect(searchEngineOf(address('::ffff:66.249.66.1'), [{ name, addresses: [crawler] }])?.name).toBe('Google');
    expect(searchEngineOf(address('203.0.113.7'), [{ name, addresses: [crawler] }])).toBe(null);
    expect(searchEngineOf(crawler, [{ name, addresses: [] }])).toBe(null);
    expect(searchEngineOf(crawler, [])).toBe(null);
    const names = [
      { name: 'host.example.org', addresses: [crawler] },
      { name, addresses: [address('192.0.2.1'), crawler] },
    ];
    expect(searchEngineOf(crawler, names)?.name).toBe('Google');
  });

  it('has endings of its own, in lower case and without a dot before them', () => {
    const endings = SEARCH_ENGINES.flatMap((e) => e.endings);
    expect(new Set(endings).size).toBe(endings.length);
    for (const ending of endings) expect(ending).toMatch(/^[a-z0-9]+(\.[a-z0-9]+)+$/);
    for (const { endings: own, addresses } of SEARCH_ENGINES)
      expect(own.length > 0 || addresses !== undefined).toBe(true);
  });
});
