import type { Words } from './geometry.ts';
import { lineHeight, widthOf } from './look.ts';
import type { Label } from './scene.ts';

/** The words at a place. They were cleaned before they were measured. */
export const label = (w: Words, x: number, y: number): Label => ({
  text: w.text,
  role: w.role,
  x,
  y,
  width: widthOf(w.text, w.role),
  height: lineHeight(w.role),
});

/** Words below each other. */
export function column(words: readonly Words[], x: number, y: number): Label[] {
  let at = y;
  return words.map((w) => {
    const made = label(w, x, at);
    at += made.height;
    return made;
  });
}
