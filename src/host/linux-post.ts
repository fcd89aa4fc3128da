import { failure, success, type Result } from '../ip/index.ts';

const TIME_LIMIT_MS = 10_000;

/** See `Machine.post`. */
export async function post(url: string, json: string, timeoutMs = TIME_LIMIT_MS): Promise<Result<number>> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'waymark' },
      body: json,
      // whoever is posted to may not send it elsewhere
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    return success(answer.status);
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: Error };
    if (name === 'TimeoutError') return failure('command-timeout', `${url} does not answer`);
    return failure('command-failed', `${url}: ${cause?.message ?? message}`);
  }
}
