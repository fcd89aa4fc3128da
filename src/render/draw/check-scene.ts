import type { Label, Point, Rect, Scene } from './scene.ts';

/** Two things on one place, or one beyond the edge. */
export interface Overlap {
  readonly what: string;
  readonly label: string;
}

/** How far a cross or a question mark reaches from its middle. */
const MARK = 8;
/** Half of a line's thickness. */
const LINE = 1.5;

/**
 * What is wrong with a scene's places: labels that meet each other, a line, a mark, the edge of a box or card, or the end
 * of the picture; boxes that meet. Empty for every scene that `layout` makes.
 */
export function checkScene(scene: Scene): Overlap[] {
  const pairs = scene.labels.flatMap((a, i) =>
    scene.labels.slice(i + 1).flatMap((b) => (meets(a, b) ? [{ what: `label '${b.text}'`, label: a.text }] : [])),
  );
  const boxes = scene.boxes.flatMap((a, i) =>
    scene.boxes.slice(i + 1).flatMap((b) => (meets(a, b) ? [{ what: `box ${b.name}`, label: `box ${a.name}` }] : [])),
  );
  return [...pairs, ...boxes, ...scene.labels.flatMap((l) => faultsOf(scene, l))];
}

function faultsOf(scene: Scene, label: Label): Overlap[] {
  const inside =
    label.x >= 0 && label.y >= 0 && label.x + label.width <= scene.width && label.y + label.height <= scene.height;
  const frames = [...scene.boxes, ...scene.cards, ...scene.bands].filter((r) => meets(r, label) && !holds(r, label));
  const lines = scene.ways.flatMap((w) => w.runs).filter((r) => segments(r.points).some((s) => meets(s, label)));
  const arrows = scene.cards.filter((c) => c.arrow && meets(around(c.arrow.from, c.arrow.to, LINE), label));
  const marks = scene.ways.filter((w) => w.end && meets(around(w.end, w.end, MARK), label));
  const found = [
    ...(inside ? [] : ['the edge of the picture']),
    ...frames.map(() => 'the edge of a box, band or card'),
    ...lines.map(() => 'a line'),
    ...arrows.map(() => 'an arrow'),
    ...marks.map(() => 'a cross'),
    ...scene.legend.filter((e) => meets(e, label)).map(() => 'a sample of the key'),
  ];
  return found.map((what) => ({ what, label: label.text }));
}

const meets = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const holds = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const around = (p: Point, q: Point, by: number): Rect => {
  const [x, y] = [Math.min(p.x, q.x) - by, Math.min(p.y, q.y) - by];
  return { x, y, width: Math.abs(p.x - q.x) + 2 * by, height: Math.abs(p.y - q.y) + 2 * by };
};

/** The pieces of a line, all of them upright or level, as rectangles of its thickness. */
const segments = (points: readonly Point[]): Rect[] => points.slice(1).map((p, i) => around(points[i]!, p, LINE));
