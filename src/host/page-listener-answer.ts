import type { PageAnswer, PageListenerOptions, PageRequest } from './page-listener-types.ts';

/** Answers 200 whoever asks, so that a load balancer can see that the page is there. */
export const HEALTH_PATH = '/.well-known/waymark-health';

const HEALTHY = plainAnswer(200, 'ok\n');

/** A short answer in plain text. */
export function plainAnswer(status: number, text: string): PageAnswer {
  return {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(text)),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
    body: text,
  };
}

/** The answer to a request; a bare 503 when it cannot be made. Neither throws nor rejects. */
export function answerTo(request: PageRequest, options: PageListenerOptions): PageAnswer | Promise<PageAnswer> {
  if (request.path === HEALTH_PATH) return HEALTHY;
  try {
    const answer = options.answer(request);
    if (!(answer instanceof Promise)) return withLength(answer);
    return answer.then(withLength).catch((error: unknown) => failedAnswer(error, options));
  } catch (error) {
    return failedAnswer(error, options);
  }
}

/** For an answer that could not be made or sent. */
export function failedAnswer(error: unknown, { report }: PageListenerOptions): PageAnswer {
  const message = `an answer of the page failed: ${error instanceof Error ? error.message : String(error)}`;
  report?.({ code: 'page-failed', severity: 'error', message });
  return plainAnswer(503, 'Service Unavailable\n');
}

function withLength(answer: PageAnswer): PageAnswer {
  if (answer.headers['Content-Length'] !== undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'Content-Length': String(Buffer.byteLength(answer.body)) } };
}

/** A peer's address as text: without the zone, IPv4 as such though it came in over a dual-stack socket. */
export function plainAddress(address: string): string {
  // most are plain already
  if (!address.includes(':')) return address;
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '');
}
