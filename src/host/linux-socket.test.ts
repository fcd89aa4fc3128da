import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { linuxMachine, type Service } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'waymark-socket-'));
const path = join(folder, 'a.sock');
const machine = linuxMachine();
const open: Service[] = [];
afterEach(async () => {
  for (const service of open.splice(0)) await service.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function serve(answer: (line: string) => Promise<string>): Promise<void> {
  const service = await machine.serve(path, 0o660, answer);
  if (!service.ok) throw new Error(service.message);
  open.push(service.value);
}

describe('a unix socket', () => {
  it('answers a line with a line, for those who may', async () => {
    await serve((line) => Promise.resolve(line.toUpperCase()));
    expect(statSync(path).mode & 0o777).toBe(0o660);
    const asked = Array.from({ length: 20 }, (_, i) => machine.ask(path, `line ü ${i}`));
    expect(await Promise.all(asked)).toEqual(asked.map((_, i) => ({ ok: true, value: `LINE Ü ${i}` })));
  });
  it('answers in the order of the questions', async () => {
    await serve(async (line) => {
      await machine.sleep(Number(line));
      return line;
    });
    const said = await new Promise<string>((done) => {
      const socket = connect(path, () => socket.write('40\n1\n20\n'));
      let text = '';
      socket.on('data', (d) => {
        text += d.toString();
        if (text.split('\n').length === 4) socket.end(() => done(text));
      });
    });
    expect(said).toBe('40\n1\n20\n');
  });
  it('is not taken from somebody who listens, but from somebody who is gone', async () => {
    await serve(() => Promise.resolve('first'));
    expect(await machine.serve(path, 0o600, () => Promise.resolve('second'))).toMatchObject({ code: 'output-exists' });
    expect(await machine.ask(path, 'who')).toEqual({ ok: true, value: 'first' });
    await open.pop()!.close();
    writeFileSync(path, '');
    await serve(() => Promise.resolve('second'));
    expect(await machine.ask(path, 'who')).toEqual({ ok: true, value: 'second' });
  });
  it('says when nobody listens, or does not answer', async () => {
    expect(await machine.ask(join(folder, 'none'), 'x')).toMatchObject({ code: 'file-missing' });
    await serve(() => new Promise(() => undefined));
    expect(await machine.ask(path, 'x', 50)).toMatchObject({ code: 'command-timeout' });
  });
});
