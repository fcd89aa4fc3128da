import { parseDuration } from '../duration.ts';
import { parseGoDuration } from './go-duration.ts';
import type { ListRemark } from './list-entry.ts';

const MOMENT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?$/;

/** The year 3000, in milliseconds since 1970. */
const LATEST = 32_503_680_000_000;

/**
 * Reads what tables say of an end: a length of time (`2h`, `3h59m49.2s`, seconds alone), a moment (ISO 8601; without a
 * zone this machine's time), `never`, or nothing. `seconds` may be 0 or less. null when it is none of these.
 */
export function parseListTime(text: string): Pick<ListRemark, 'until' | 'seconds'> | null {
  if (text === '') return {};
  if (/^(never|forever|permanent|-1)$/i.test(text)) return { until: null };
  if (text.length > 64) return null;
  if (/^\d{1,16}$/.test(text)) return ofNumber(Number(text));
  if (MOMENT.test(text)) return ofMoment(text);
  const seconds = parseGoDuration(text);
  if (seconds !== null) return { seconds };
  const duration = parseDuration(text);
  return duration.ok && duration.value !== null ? { seconds: duration.value / 1000 } : null;
}

/** Seconds; or, when large, seconds or milliseconds since 1970. */
function ofNumber(n: number): Pick<ListRemark, 'until' | 'seconds'> | null {
  // a moment from 2001 on; no length of time in seconds is that large
  if (n < 1e9) return { seconds: n };
  if (n <= LATEST / 1000) return { until: n * 1000 };
  return n >= 1e12 && n <= LATEST ? { until: n } : null;
}

function ofMoment(text: string): { readonly until: number } | null {
  // Date.parse wants the T and, in the zone, the colon
  const iso = text
    .replace(' ', 'T')
    .replace(/ ?UTC$/, 'Z')
    .replace(/T(.*) /, 'T$1')
    .replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  const until = Date.parse(iso);
  return Number.isNaN(until) ? null : { until };
}
