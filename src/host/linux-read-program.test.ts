import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linuxMachine } from './linux-machine.ts';

const machine = linuxMachine();

describe('reading what a program says', () => {
  it('gives all of it, as bytes, and then how it ended', async () => {
    let text = '';
    const reading = machine.readProgram(['perl', '-e', 'print "a\\xe9\\n" x 100000; warn "no\\n"; exit 3'], (block) => {
      text += block;
    });
    expect(await reading.ended).toEqual({ code: 3, fault: 'no' });
    expect(text).toBe('a\u{e9}\n'.repeat(100_000));
    const missing = machine.readProgram(['waymark-is-not-there'], () => undefined);
    expect(await missing.ended).toEqual({ code: 127, fault: 'waymark-is-not-there: not found' });
  });
  it('lets the program wait for a slow reader, instead of keeping what it says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waymark-slow-'));
    const count = join(folder, 'count');
    const program = `$| = 1; while (1) { print "x" x 65536; $n++; open(F, ">${count}"); print F $n; close F }`;
    let read = 0;
    const reading = machine.readProgram(['perl', '-e', program], async (block) => {
      read += block.length;
      await machine.sleep(100);
    });
    await machine.sleep(1500);
    const said = Number(readFileSync(count, 'utf8')) * 65_536;
    await reading.close();
    expect(read).toBeGreaterThan(65_536);
    // what lies between the two: a pipe, and a block or two
    expect(said - read).toBeLessThan(1024 * 1024);
    expect(said).toBeLessThan(5 * 1024 * 1024);
    rmSync(folder, { recursive: true });
  });
});
