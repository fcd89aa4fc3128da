import { describe, expect, it } from 'vitest';
import { linuxMachine } from './linux-machine.ts';

const machine = linuxMachine();
const ECHO = 'while read -r line; do echo "$line"; echo "$line" >&2; done';

describe('a program that is told lines', () => {
  it('answers each on its standard error, up to the end that was named', async () => {
    const talk = machine.talk(['sh', '-c', ECHO]);
    expect(await talk.tell('one\nover', 'over', 5000)).toBe('one\n');
    expect(await talk.tell('over', 'over', 5000)).toBe('');
    expect(await talk.tell('not the over\nover', 'over', 5000)).toBe('not the over\n');
    talk.stop();
    expect(await talk.tell('x', 'x', 5000)).toBeNull();
  });
  it('says nothing any more when it ended, keeps silent, or is not there', async () => {
    expect(await machine.talk(['sh', '-c', 'read x; exit']).tell('x', 'y', 5000)).toBeNull();
    expect(await machine.talk(['sleep', '60']).tell('x', 'y', 50)).toBeNull();
    expect(await machine.talk(['waymark-no-such-program']).tell('x', 'y', 5000)).toBeNull();
  });
});
