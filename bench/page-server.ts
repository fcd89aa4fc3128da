import { renderPage } from '../src/guard/index.ts';
import { startPage } from '../src/host/index.ts';

/** What a browser takes. */
export const ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const CONTACT = { site: 'Example Shop', phone: '+49 30 23125 123', email: 'help@shop.example' };
const UNTIL = Date.now() + 7_200_000;
/** What a browser sends. */
export const HEADERS = `Host: a\r\nAccept: ${ACCEPT}\r\nAccept-Language: de-AT,de;q=0.9,en;q=0.5\r\n`;

let visitors = 0;
/** As if each request came from another visitor, when `strangers` is set. */
export const pageFor = (
  address: string,
  accept: string | undefined,
  language: string | undefined,
  strangers: boolean,
) => {
  const reference = strangers ? `WM-${visitors++}` : 'WM-4F7K-29';
  const visit = { address, reason: 'Zu viele fehlgeschlagene Anmeldungen', reference, until: UNTIL };
  return renderPage(visit, CONTACT, { method: 'GET', accept, acceptLanguage: language, now: Date.now() });
};

/** Serves the page and prints its ports: for new connections, for kept ones, both again for strangers. */
export async function serve(): Promise<void> {
  const ports: number[] = [];
  for (const [kept, strangers] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    const started = await startPage({
      ports: [{ port: 0, address: '127.0.0.1', tls: false, kept }],
      answer: ({ address, headers }) => pageFor(address, headers.accept, headers['accept-language'], strangers),
    });
    if (!started.ok) throw new Error(started.message);
    ports.push(started.value.addresses[0]!.port);
  }
  console.log(ports.join(' '));
}
