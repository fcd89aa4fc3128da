import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { office, officeAnswered, officeFindings, officeLost } from '../test-support/office.ts';
import { EXAMPLES } from '../test-support/examples.ts';
import { anyExample } from '../test-support/random.ts';
import { checkScene } from './check-scene.ts';
import { layout } from './layout.ts';
import type { Label, Point, Scene } from './scene.ts';

const OFFICES = [
  { name: 'office-lost', network: office, trip: officeLost, findings: officeFindings },
  { name: 'office-answered', network: office, trip: officeAnswered, findings: [] },
  { name: 'office', network: office, trip: null, findings: [] },
];

const label = (text: string, x: number, y: number): Label => ({ text, role: 'host', x, y, width: 10, height: 10 });

const scene = (over: Partial<Scene>): Scene => ({
  width: 100, height: 100, title: '', description: '', bands: [], boxes: [], ways: [], cards: [], legend: [], labels: [], ...over,
}); // prettier-ignore

describe('checkScene', () => {
  it('sees labels on each other and beyond the edge', () => {
    expect(checkScene(scene({ labels: [label('a', 0, 0), label('b', 9, 9)] }))).toEqual([
      { what: "label 'b'", label: 'a' },
    ]);
    expect(checkScene(scene({ labels: [label('a', 91, 0)] }))).toHaveLength(1);
    expect(checkScene(scene({ labels: [label('a', 0, 0), label('b', 10, 0)] }))).toEqual([]);
  });
  it('sees a line through a label, and an edge through it', () => {
    const run = { points: [{ x: 0, y: 25 }, { x: 90, y: 25 }], over: false, arrow: false }; // prettier-ignore
    const way = { kind: 'there' as const, runs: [run], start: { x: 0, y: 25 }, end: null };
    expect(checkScene(scene({ labels: [label('a', 20, 20)], ways: [way] }))).toEqual([{ what: 'a line', label: 'a' }]);
    const box = { name: 'h', x: 25, y: 0, width: 50, height: 50, dead: false, strips: [] };
    expect(checkScene(scene({ labels: [label('a', 20, 20)], boxes: [box] }))).toHaveLength(1);
    expect(checkScene(scene({ labels: [label('a', 30, 20)], boxes: [box] }))).toEqual([]);
  });
});

/** How long two level or two upright pieces lie on each other. */
function shared(a: Point, b: Point, c: Point, d: Point): number {
  const over = (p: number, q: number, r: number, s: number): number =>
    Math.max(0, Math.min(Math.max(p, q), Math.max(r, s)) - Math.max(Math.min(p, q), Math.min(r, s)));
  if (a.y === b.y && c.y === d.y && a.y === c.y) return over(a.x, b.x, c.x, d.x);
  if (a.x === b.x && c.x === d.x && a.x === c.x) return over(a.y, b.y, c.y, d.y);
  return 0;
}

describe('layout', () => {
  it.each([...OFFICES, ...EXAMPLES])('puts nothing on top of anything: $name', ({ network, trip, findings }) => {
    expect(checkScene(layout(network, trip, findings))).toEqual([]);
  });

  it('puts nothing on top of anything in random networks', () => {
    fc.assert(
      fc.property(anyExample, ({ network, trip, findings }) => {
        const made = layout(network, trip, findings);
        expect(checkScene(made)).toEqual([]);
        expect(made.boxes.map((b) => b.name)).toEqual([...network.hosts.keys()]);
        expect(made.ways.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 150 },
    );
  });

  it('gives every line a place of its own', () => {
    fc.assert(
      fc.property(anyExample, ({ network, trip, findings }) => {
        const { ways } = layout(network, trip, findings);
        const pieces = ways
          .flatMap((w) => w.runs)
          .flatMap((r) => r.points.slice(1).map((p, i) => [r.points[i]!, p] as const));
        for (const [i, [a, b]] of pieces.entries()) {
          expect(a.x === b.x || a.y === b.y).toBe(true);
          for (const [c, d] of pieces.slice(i + 1)) expect(shared(a, b, c, d)).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is the same every time', () => {
    const [first, second] = [0, 1].map(() => layout(office, officeLost, officeFindings));
    expect(first).toEqual(second);
  });

  it('lets the sender stand left of those it asks, and crosses no foreign band in the office', () => {
    const { boxes, bands } = layout(office, officeLost, officeFindings);
    const box = (name: string): (typeof boxes)[number] => boxes.find((b) => b.name === name)!;
    expect(box('laptop').x).toBeLessThan(box('vpn-server').x);
    expect(box('vpn-server').x).toBeLessThan(box('linux-server').x);
    for (const b of boxes) {
      const met = bands.filter(
        (band) =>
          band.x < b.x + b.width && b.x < band.x + band.width && band.y < b.y + b.height && b.y < band.y + band.height,
      );
      expect(met.map((m) => m.name).sort()).toEqual(
        b.strips.map((s) => bands.find((band) => band.y === s.y)!.name).sort(),
      );
    }
  });

  it('says where it dies and what to add', () => {
    const { labels, ways, boxes, cards } = layout(office, officeLost, officeFindings);
    const texts = labels.map((l) => l.text);
    expect(texts).toContain('no route to 10.8.0.0/24');
    expect(texts).toContain('ip route add 10.8.0.0/24 via 10.5.5.5');
    expect(ways.map((w) => w.end?.mark ?? null)).toEqual([null, 'cross']);
    expect(boxes.filter((b) => b.dead).map((b) => b.name)).toEqual(['router']);
    const router = boxes.find((b) => b.name === 'router')!;
    expect(cards[0]!.arrow!.to).toMatchObject({ y: router.y });
  });

  it('lets every line meet its boxes at their edges', () => {
    const { ways, boxes } = layout(office, officeAnswered, []);
    const edges = boxes.flatMap((b) => [b.x, b.x + b.width]);
    const between = ways.flatMap((w) => w.runs).filter((r) => !r.over);
    expect(between.length).toBe(5);
    for (const { points } of between) for (const p of points) expect(edges).toContain(p.x);
  });
});
