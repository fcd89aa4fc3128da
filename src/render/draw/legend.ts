import type { PlacedCard } from './cards.ts';
import { lineHeight, SPACE, widthOf } from './look.ts';
import type { Plan } from './plan.ts';
import type { Label, LegendEntry } from './scene.ts';

const SAMPLE_WIDTH = 40;

const TEXTS: Readonly<Record<LegendEntry['sample'], string>> = {
  there: 'the way there',
  back: 'the way back',
  cross: 'the packet dies here',
  question: 'nothing is known from here on',
  fix: 'what to change',
};

/** The key to what the picture uses, in as many lines as it takes; `bottom` is where it ends. */
export function legendOf(
  plan: Plan,
  cards: readonly PlacedCard[],
  area: { readonly x: number; readonly y: number; readonly width: number },
): { entries: LegendEntry[]; labels: Label[]; bottom: number } {
  const entries: LegendEntry[] = [];
  const labels: Label[] = [];
  const height = lineHeight('legend');
  let { x, y } = area;
  for (const sample of samples(plan, cards)) {
    const text = TEXTS[sample];
    const width = widthOf(text, 'legend');
    const whole = SAMPLE_WIDTH + SPACE.pad + width;
    if (x > area.x && x + whole > area.x + area.width) {
      x = area.x;
      y += height + SPACE.pad;
    }
    entries.push({ sample, x, y, width: SAMPLE_WIDTH, height });
    labels.push({ text, role: 'legend', x: x + SAMPLE_WIDTH + SPACE.pad, y, width, height });
    x += whole + 2 * SPACE.pad;
  }
  return { entries, labels, bottom: entries.length === 0 ? area.y - SPACE.margin : y + height };
}

function samples(plan: Plan, cards: readonly PlacedCard[]): LegendEntry['sample'][] {
  const dead = plan.ways.filter((w) => w.end !== 'arrived');
  return [
    ...plan.ways.map((w) => w.kind),
    ...(dead.some((w) => !w.unknown) ? ['cross' as const] : []),
    ...(dead.some((w) => w.unknown) ? ['question' as const] : []),
    ...(cards.some((c) => c.card.kind === 'fix') ? ['fix' as const] : []),
  ];
}
