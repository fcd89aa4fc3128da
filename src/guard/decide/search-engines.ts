import { sameAddress, type Address, unmapped } from '../../ip/index.ts';

/** A search engine and how its crawler is known. */
export interface SearchEngine {
  readonly name: string;
  /** What the reverse names of its crawlers end in. Empty when they have none of their own. */
  readonly endings: readonly string[];
  /** Where it publishes its crawlers' addresses; those can be put on the allow list. */
  readonly addresses?: string;
}

/**
 * From what the engines themselves tell webmasters. Never `googleusercontent.com`: that is any customer of Google's
 * cloud.
 */
export const SEARCH_ENGINES: readonly SearchEngine[] = [
  // developers.google.com/search/docs/crawling-indexing/verifying-googlebot
  { name: 'Google', endings: ['googlebot.com', 'google.com'] },
  // www.bing.com/webmasters/help/how-to-verify-bingbot-3905dc26
  { name: 'Bing', endings: ['search.msn.com'] },
  // support.apple.com/119829
  { name: 'Apple', endings: ['applebot.apple.com'] },
  // its crawlers run in other companies' clouds
  { name: 'DuckDuckGo', endings: [], addresses: 'https://duckduckgo.com/duckduckbot.json' },
  // yandex.com/support/webmaster/robot-workings/check-yandex-robots.html
  { name: 'Yandex', endings: ['yandex.ru', 'yandex.net', 'yandex.com'] },
  // help.baidu.com/question?prod_id=99&class=476&id=2996
  { name: 'Baidu', endings: ['crawl.baidu.com', 'crawl.baidu.jp'] },
  { name: 'Yahoo', endings: ['crawl.yahoo.net'] },
  // help.qwant.com/bot
  { name: 'Qwant', endings: ['qwant.com'] },
  // webmaster.petalsearch.com
  { name: 'Petal', endings: ['petalsearch.com'] },
  { name: 'Seznam', endings: ['seznam.cz'] },
  { name: 'Sogou', endings: ['crawl.sogou.com'] },
  { name: 'Mojeek', endings: ['mojeek.com'] },
];

/** A reverse name of an address, and the addresses that this name has in turn. */
export interface ReverseName {
  readonly name: string;
  readonly addresses: readonly Address[];
}

/** The engine whose crawlers have such a reverse name; whoever holds the address may have chosen it. */
export function engineOfName(name: string): SearchEngine | null {
  const bare = name.toLowerCase().replace(/\.$/, '');
  return SEARCH_ENGINES.find((e) => e.endings.some((end) => bare.endsWith(`.${end}`))) ?? null;
}

/**
 * The engine that an address crawls for: one of its reverse names is in the engine's domain, and that name leads back to
 * the address. null when it is none.
 */
export function searchEngineOf(address: Address, reverseNames: readonly ReverseName[]): SearchEngine | null {
  const asked = unmapped(address);
  for (const { name, addresses } of reverseNames) {
    const engine = engineOfName(name);
    if (engine !== null && addresses.some((a) => sameAddress(unmapped(a), asked))) return engine;
  }
  return null;
}
