import { cardSize, type Draft, type Words } from './geometry.ts';
import type { Grid } from './grid.ts';
import { SPACE } from './look.ts';
import { column } from './place-words.ts';
import type { Label, SceneCard } from './scene.ts';

/** A card with its text. */
export interface PlacedCard {
  readonly card: SceneCard;
  readonly labels: readonly Label[];
}

/** Cards stand above their host; the lowest points at it. */
export function cardsOf(d: Draft, grid: Grid): PlacedCard[] {
  return d.plan.hosts.flatMap((name, h) => {
    let bottom = grid.boxes[h]!.y;
    const x = grid.boxes[h]!.x;
    return d.notes.cards
      .filter((n) => n.host === name)
      .toReversed()
      .map((note): PlacedCard => {
        const size = cardSize(note);
        const to = { x: x + 2 * SPACE.pad, y: bottom };
        const y = bottom - SPACE.arrow - size.height;
        const from = { x: to.x, y: y + size.height };
        bottom = y;
        const words = note.lines.map((text): Words => ({ text, role: note.kind }));
        return {
          card: { kind: note.kind, x, y, ...size, arrow: { from, to } },
          labels: column(words, x + SPACE.pad, y + SPACE.pad / 2),
        };
      });
  });
}
