import type { RenderedPage } from '../page/render-page.ts';
import { metric, type Sample } from './metric-text.ts';

/** Those of the page, and of its form. */
const STATUSES: readonly RenderedPage['status'][] = [403, 429, 503, 200, 400];
const KINDS = { 'text/html': 'html', 'text/plain': 'text', 'application/problem+json': 'problem' } as const;

/** Counts the answers of the page, for Prometheus. */
export class PageCounters {
  readonly #answers = new Map<string, number>();

  /** Counts an answer by its status and its kind. */
  count(status: RenderedPage['status'], contentType: string): void {
    const key = `${status} ${contentType.split(';')[0]!}`;
    this.#answers.set(key, (this.#answers.get(key) ?? 0) + 1);
  }

  /** All of it in Prometheus' text format. */
  text(connections: number): string {
    const answers = STATUSES.flatMap((status) =>
      Object.entries(KINDS).map(([type, kind]): Sample => {
        return [{ status: String(status), kind }, this.#answers.get(`${status} ${type}`) ?? 0];
      }),
    );
    return [
      metric('waymark_page_answers_total', 'counter', 'Answers of the page.', answers),
      metric('waymark_page_connections', 'gauge', 'Connections to the page.', [[{}, connections]]),
    ].join('');
  }
}
