import { describe, expect, it } from 'vitest';
import { parseRouteWords } from '../dialect/index.ts';
import type { Route } from '../model/index.ts';
import { linuxRoutes } from './index.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'test', line: 1 }).value!;
const A = route('10.67.0.0/16 via 10.0.0.1 dev eth0');
const B = route('10.67.0.0/16 via 10.0.0.2 dev eth0');
const C = route('unreachable 10.67.0.0/16');
const steps = (has: readonly Route[], wanted: readonly Route[]): string[] =>
  linuxRoutes.steps(has, wanted).map((argv) => argv.slice(2).join(' '));

describe('the commands that lead from one state of a place to another', () => {
  it('are none where all is so already', () => {
    expect(steps([], [])).toEqual([]);
    expect(steps([A, B], [A, B])).toEqual([]);
  });
  it('is one command for every change that a person makes', () => {
    expect(steps([], [A])).toEqual(['add 10.67.0.0/16 via 10.0.0.1 dev eth0']);
    expect(steps([A], [])).toEqual(['del 10.67.0.0/16 via 10.0.0.1 dev eth0 proto boot']);
    expect(steps([A], [B])).toEqual(['replace 10.67.0.0/16 via 10.0.0.2 dev eth0']);
    expect(steps([A], [C])).toEqual(['replace unreachable 10.67.0.0/16']);
    expect(steps([A, B], [B])).toEqual(['del 10.67.0.0/16 via 10.0.0.1 dev eth0 proto boot']);
    expect(steps([A], [A, B])).toEqual(['append 10.67.0.0/16 via 10.0.0.2 dev eth0']);
  });
  it('keep the order, in which the first wins', () => {
    expect(steps([B], [A, B])).toEqual([
      'del 10.67.0.0/16 via 10.0.0.2 dev eth0 proto boot',
      'add 10.67.0.0/16 via 10.0.0.1 dev eth0',
      'append 10.67.0.0/16 via 10.0.0.2 dev eth0',
    ]);
  });
});
