import { readReply, requestLine, type GuardSettings } from '../../../guard/index.ts';
import { startPage, type Machine, type PageAnswer, type PageListener } from '../../../host/index.ts';
import { success, type Result } from '../../../ip/index.ts';
import { askAsPage } from './page-socket.ts';

const answer = (status: number, type: string, body: string): PageAnswer => ({
  status,
  headers: { 'Content-Type': type },
  body,
});

/** Serves `/metrics` where the settings say so: what the guard counts, and `own`. null where they don't. */
export async function serveMetrics(
  machine: Machine,
  settings: GuardSettings,
  own: () => string,
): Promise<Result<PageListener | null>> {
  if (!settings.metrics) return success(null);
  return startPage({
    ports: [{ ...settings.metrics, tls: false }],
    answer: async ({ path }) => {
      if (path !== '/metrics') return answer(404, 'text/plain', 'look at /metrics\n');
      const said = await askAsPage(machine, settings, requestLine({ do: 'metrics' }), 5000);
      const guard = (said.ok ? readReply(said.value)?.metrics : undefined) ?? '';
      // what is missing must not look as if it were nought
      return answer(guard === '' ? 503 : 200, 'text/plain; version=0.0.4; charset=utf-8', guard + own());
    },
  });
}
