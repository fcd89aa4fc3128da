import { SPACE } from './look.ts';
import type { Point, Rect } from './scene.ts';

/** Numbers with at most one decimal. */
const n = (value: number): string => String(Math.round(value * 10) / 10);

/** A rectangle with rounded corners. */
export const rect = (r: Rect, classes: string, radius: number): string =>
  `<rect class="${classes}" x="${n(r.x)}" y="${n(r.y)}" width="${n(r.width)}" height="${n(r.height)}" rx="${radius}"/>`;

/** A line through the points with rounded corners; `shorter` pixels are left out at its end. */
export function line(points: readonly Point[], classes: string, shorter: number): string {
  const all = [...points.slice(0, -1), towards(points.at(-1)!, points.at(-2)!, shorter)];
  const steps = all.slice(1, -1).map((p, i) => {
    const before = towards(p, all[i]!, SPACE.corner);
    const after = towards(p, all[i + 2]!, SPACE.corner);
    return `L${n(before.x)} ${n(before.y)}Q${n(p.x)} ${n(p.y)} ${n(after.x)} ${n(after.y)}`;
  });
  const [first, last] = [all[0]!, all.at(-1)!];
  return `<path class="${classes}" d="M${n(first.x)} ${n(first.y)}${steps.join('')}L${n(last.x)} ${n(last.y)}"/>`;
}

/** The point `distance` from `p` on the way to `q`, at most half of the way. */
function towards(p: Point, q: Point, distance: number): Point {
  const length = Math.hypot(q.x - p.x, q.y - p.y);
  if (length === 0) return p;
  const part = Math.min(distance, length / 2) / length;
  return { x: p.x + (q.x - p.x) * part, y: p.y + (q.y - p.y) * part };
}

/** An arrowhead with its tip at `to`, pointing away from `from`. */
export function arrowHead(from: Point, to: Point, classes: string, size: number): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const corner = (turn: number): string => {
    const a = angle + Math.PI + turn;
    return `${n(to.x + size * Math.cos(a))} ${n(to.y + size * Math.sin(a))}`;
  };
  return `<path class="${classes}" d="M${n(to.x)} ${n(to.y)}L${corner(0.45)}L${corner(-0.45)}Z"/>`;
}

/** A cross around the point. */
export const cross = (p: Point, size: number): string =>
  `<path class="wm-cross" d="M${n(p.x - size)} ${n(p.y - size)}L${n(p.x + size)} ${n(p.y + size)}M${n(p.x + size)} ${n(p.y - size)}L${n(p.x - size)} ${n(p.y + size)}"/>`;

/** A filled circle. */
export const dot = (p: Point, radius: number, classes: string): string =>
  `<circle class="${classes}" cx="${n(p.x)}" cy="${n(p.y)}" r="${radius}"/>`;

/** Numbers for attributes. */
export const number = n;
