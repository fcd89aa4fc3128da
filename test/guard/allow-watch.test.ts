import { expect, it } from 'vitest';
import { AllowWatch } from '../../src/app/cli/guard/allow-watch.ts';
import type { Cli } from '../../src/app/cli/context.ts';
import { parseGuardSettings } from '../../src/guard/index.ts';
import { fakeMachine, type FakeAnswer, type Machine } from '../../src/host/index.ts';
import { formatPrefix, parseAddress, hostPrefix, type Diagnostic, type Prefix } from '../../src/ip/index.ts';

const HOUR = 3_600_000;

it('follows a name where it leads, and stays where it was while nobody knows', async () => {
  let answer: FakeAnswer = '203.0.113.7 STREAM office.example.org\n';
  let ms = 0;
  const fake = fakeMachine({ commands: { 'ip -j addr show': '[]' } });
  const machine: Machine = {
    ...fake,
    elapsedMs: () => ms,
    run: (argv, options) =>
      argv[0] === 'getent'
        ? fakeMachine({ commands: { [argv.join(' ')]: answer } }).run(argv, options)
        : fake.run(argv, options),
  };
  const said: string[] = [];
  const stderr = { write: (text: string) => void said.push(text) };
  const cli = { process: { stdout: stderr, stderr, env: {} }, machine, self: [], width: 200, colour: false, errorColour: false } as unknown as Cli; // prettier-ignore
  const settings = parseGuardSettings('allow: [ office.example.org ]\n', 'guard.yaml').value;
  const { value: watch } = await AllowWatch.open(cli, settings);
  const told: string[][] = [];
  let faults: readonly Diagnostic[] = [];
  const guard = {
    allow: (all: readonly Prefix[]) => {
      told.push(all.map(formatPrefix).filter((p) => p.startsWith('203.')));
      return Promise.resolve(faults);
    },
  };
  const isAllowed = (text: string): boolean => {
    const address = parseAddress(text);
    return address.ok && watch.list.refusalsOf(hostPrefix(address.value)).length > 0;
  };
  const later = async (by: number): Promise<void> => {
    ms += by;
    await watch.tend(guard);
  };

  expect(isAllowed('203.0.113.7')).toBe(true);
  answer = '203.0.113.8 STREAM office.example.org\n';
  await later(HOUR - 1);
  expect([told, isAllowed('203.0.113.8')]).toEqual([[], false]);
  // an engine that refuses keeps the former ones, and is asked again
  faults = [{ code: 'command-failed', severity: 'error', message: 'no' }];
  await later(1);
  expect([isAllowed('203.0.113.7'), isAllowed('203.0.113.8')]).toEqual([true, false]);
  faults = [];
  await later(HOUR);
  expect([isAllowed('203.0.113.7'), isAllowed('203.0.113.8')]).toEqual([false, true]);
  expect(told).toEqual([['203.0.113.8/32'], ['203.0.113.8/32']]);
  expect(said.join('')).toContain(
    '203.0.113.8/32 is never blocked from now on\n203.0.113.7/32 is no longer on the allow list\n',
  );
  answer = { code: 2 };
  await later(HOUR);
  expect(said.at(-1)).toContain('office.example.org leads to no address at the moment: it stays with 203.0.113.8');
  expect([told.length, isAllowed('203.0.113.8')]).toEqual([2, true]);
});
