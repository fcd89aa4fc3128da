import { get } from 'node:http';
import { get as getTls } from 'node:https';

/** What to ask for. */
export interface Probe {
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  readonly path: string;
  readonly timeoutMs: number;
}

/** Asks a web server and gives the status of its answer; null when there is none in time. A certificate is not looked at. */
export function probeHttp({ address, port, tls, path, timeoutMs }: Probe): Promise<number | null> {
  return new Promise((done) => {
    const options = { host: address, port, path, agent: false as const, rejectUnauthorized: false };
    const request = (tls ? getTls : get)(options, (response) => {
      response.resume();
      finish(response.statusCode ?? null);
    });
    const timer = setTimeout(() => finish(null), timeoutMs);
    function finish(status: number | null): void {
      clearTimeout(timer);
      request.destroy();
      done(status);
    }
    request.on('error', () => finish(null));
  });
}
