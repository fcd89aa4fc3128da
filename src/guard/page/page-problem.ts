import type { Values } from './placeholders.ts';

/** The names that RFC 9110 and RFC 6585 give. With the type `about:blank` the title is that name (RFC 9457, 4.2.1). */
const TITLES: Readonly<Record<403 | 429 | 503, string>> = {
  403: 'Forbidden',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/**
 * The page as a problem document (RFC 9457). Beside its standard members: `reason`, `address`, `reference`, `until`
 * (RFC 3339, or null when no end is set), and `phone` and `email` (null when there is none).
 */
export function problemOf(v: Values, status: 403 | 429 | 503): string {
  const problem = {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail: `${v.heading}. ${v.lead}`,
    reason: v.reason,
    address: v.address,
    reference: v.reference,
    until: v.until_iso === '' ? null : v.until_iso,
    phone: v.phone === '' ? null : v.phone,
    email: v.email === '' ? null : v.email,
  };
  return `${JSON.stringify(problem, null, 2)}\n`;
}
