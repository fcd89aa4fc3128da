import { expect, it } from 'vitest';
import { Choices, firstWay, type ChoicePoint } from './choice.ts';

const point = (random: boolean, key?: string): ChoicePoint => ({
  what: 'x',
  fact: { source: 'test', line: 1, text: 'x' },
  random,
  ...(key === undefined ? {} : { key }),
});

/** A run that meets two points, and a third one only after turning off at the first. */
function run(choices: Choices): string {
  const first = choices.choose(3, point(true));
  const more =
    first > 0 ? [choices.choose(2, point(true)), choices.choose(2, point(true))] : [choices.choose(2, point(true))];
  return [first, ...more].join('');
}

it('walks every branch once', () => {
  const found: string[] = [];
  const scripts: (readonly number[])[] = [[]];
  for (const script of scripts) {
    const choices = new Choices(script);
    found.push(run(choices));
    scripts.push(...choices.others());
  }
  const all = ['00', '01', ...[1, 2].flatMap((a) => [0, 1].flatMap((b) => [0, 1].map((c) => `${a}${b}${c}`)))];
  expect(found.toSorted()).toEqual(all.toSorted());
});

it('decides alike where the key is the same', () => {
  const choices = new Choices([1]);
  expect([choices.choose(2, point(true, 'a')), choices.choose(2, point(true, 'a'))]).toEqual([1, 1]);
  expect(choices.met).toHaveLength(1);
});

it('takes the first of what happens at random, and asks about what is not known', () => {
  const choices = new Choices([1]);
  const first = firstWay(choices);
  expect([first.choose(2, point(true)), first.choose(2, point(false))]).toEqual([0, 1]);
});
