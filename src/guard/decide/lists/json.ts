import type { ListCollector } from './list-collector.ts';
import { readLiteralInto } from './read-literal-into.ts';

/**
 * Reads any JSON, or Python's literals: every string that is an address or a prefix, wherever it stands. So Google's and
 * Bing's lists of their crawlers are read, and what `fail2ban-client get JAIL banned` prints.
 */
export function readJson(text: string, into: ListCollector): void {
  readLiteralInto(text, into, {
    open() {
      // where a string stands does not matter
    },
    close() {
      // nor what stands together
    },
    key() {
      // nor what it is called
    },
    value(word, at, isString) {
      if (isString) into.add(word, at, {}, 'it is no address');
    },
  });
}
