import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { linuxMachine } from '../../host/index.ts';
import type { Diagnostic } from '../../ip/index.ts';
import type { Appeal } from './appeal.ts';
import { appealMail } from './appeal-mail.ts';
import { AppealNotices } from './appeal-notices.ts';

const folder = mkdtempSync(join(tmpdir(), 'waymark-notices-'));
afterAll(() => rmSync(folder, { recursive: true }));
const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));
const machine = { ...linuxMachine(), sleep: (): Promise<void> => Promise.resolve() };

const appeal: Appeal = {
  id: 7,
  at: Date.UTC(2026, 10, 22, 18),
  address: '192.0.2.7',
  prefix: '192.0.2.0/24',
  reference: 'K7P-4QD',
  message: 'Grüße\n.\nBcc: all@example.org\n\n~!touch /tmp/x',
  contact: 'me@example.org',
  answered: null,
};

/** A server that answers with these, one after the other, and what it got. */
async function hook(...statuses: number[]): Promise<{ url: string; got: string[] }> {
  const got: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request
      .on('data', (d: Buffer) => (body += d.toString()))
      .on('end', () => {
        got.push(body);
        response.writeHead(statuses.shift() ?? 200, { Location: '/elsewhere' }).end('x');
      });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got };
}

it('go by mail: arguments of the settings alone, all that a stranger wrote in the body', async () => {
  const program = join(folder, 'sendmail');
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/arguments; cat > ${folder}/mail\n`);
  chmodSync(program, 0o755);
  const told: Diagnostic[] = [];
  const mail = { from: 'waymark@example.org', to: ['a@example.org', 'b@example.org'], sendmail: program };
  new AppealNotices(machine, { form: true, mail, webhook: null }, (d) => told.push(d)).tell(appeal);
  await expect.poll(() => readIf(join(folder, 'mail'))).toContain('\n\n');
  expect(readIf(join(folder, 'arguments'))).toBe('-i\n-f\nwaymark@example.org\n--\na@example.org\nb@example.org\n');
  const [head, body] = readIf(join(folder, 'mail')).split('\n\n') as [string, string];
  expect(head.split('\n').map((line) => line.split(':')[0])).toEqual([
    ...['From', 'To', 'Subject', 'Date', 'Auto-Submitted', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'],
  ]);
  expect(body).toMatch(/^[A-Za-z0-9+/=\n]+$/);
  expect(Math.max(...body.split('\n').map((line) => line.length))).toBeLessThanOrEqual(76);
  const text = Buffer.from(body, 'base64').toString();
  for (const words of [appeal.message, '192.0.2.7', 'K7P-4QD', 'me@example.org']) expect(text).toContain(words);
  expect(told).toEqual([]);
});
const readIf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
it('hold nothing of a stranger outside the body', () => {
  const head = appealMail(appeal, { from: 'a@b', to: ['c@d'] }).split('\n\n')[0]!;
  for (const word of ['192.0.2', 'K7P', 'me@', 'Bcc']) expect(head).not.toContain(word);
});
it('go to a webhook, three times at most, and nowhere else', async () => {
  const { url, got } = await hook(500, 302, 204);
  const told: Diagnostic[] = [];
  const notices = new AppealNotices(machine, { form: true, mail: null, webhook: url }, (d) => told.push(d));
  notices.tell(appeal);
  await expect.poll(() => got.length).toBe(3);
  expect(got.map((line) => JSON.parse(line) as unknown)).toEqual([{ appeal }, { appeal }, { appeal }]);
  expect(told).toEqual([]);
  const dead = await hook(500, 500, 500, 200);
  new AppealNotices(machine, { form: true, mail: null, webhook: dead.url }, (d) => told.push(d)).tell(appeal);
  await expect.poll(() => told).toMatchObject([{ severity: 'warning', message: expect.stringContaining('appeal 7') }]);
  expect(dead.got).toHaveLength(3);
});
it('wait in a queue that is bounded, and end with the guard', async () => {
  const told: Diagnostic[] = [];
  const { url, got } = await hook();
  const notices = new AppealNotices(machine, { form: true, mail: null, webhook: url }, (d) => told.push(d));
  for (let i = 0; i < 150; i++) notices.tell(appeal);
  expect(told).toHaveLength(50);
  await expect.poll(() => got.length).toBeGreaterThan(2);
  notices.stop();
  const then = got.length;
  await new Promise((done) => setTimeout(done, 100));
  expect(got.length).toBeLessThanOrEqual(then + 1);
});
