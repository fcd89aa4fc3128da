import { escapeXml } from './escape.ts';
import { SPACE, TYPE } from './look.ts';
import type { Label, LegendEntry, Point, Run, Scene, SceneCard, SceneWay } from './scene.ts';
import { arrowHead, cross, dot, line, number, rect } from './svg-ink.ts';
import { styleSheet } from './svg-style.ts';

const FONT = "'DejaVu Sans',Verdana,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const HEAD = 11;
const CROSS = 7.5;

/** The scene as an SVG document of its own: light and dark, with title and description, no script, nothing from outside. */
export function sceneSvg(scene: Scene): string {
  const { width, height } = scene;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}" role="img" aria-labelledby="wm-title wm-desc" font-family="${FONT}">`,
    `<title id="wm-title">${escapeXml(scene.title)}</title>`,
    `<desc id="wm-desc">${escapeXml(scene.description)}</desc>`,
    `<style>${styleSheet()}</style>`,
    rect({ x: 0, y: 0, width, height }, 'wm-paper', 0),
    ...scene.bands.map((b) => rect(b, `wm-${b.kind}`, 10)),
    ...scene.ways.flatMap((w) => runs(w, false)),
    ...scene.boxes.flatMap((b) => [
      rect(b, 'wm-box', 6),
      ...b.strips.map((s) => rect(s, `wm-${s.kind}`, 0)),
      rect(b, `wm-edge${b.dead ? ' wm-edge-dead' : ''}`, 6),
    ]),
    ...scene.cards.flatMap(card),
    ...scene.ways.flatMap((w) => [...runs(w, true), ...heads(w), ...startDot(w), ...endMark(w)]),
    ...scene.legend.flatMap(sample),
    ...scene.labels.map(text),
    '</svg>',
    '',
  ].join('\n');
}

const runs = (way: SceneWay, over: boolean): string[] =>
  way.runs.filter((r) => r.over === over).map((r) => line(r.points, `wm-line wm-${way.kind}`, r.arrow ? HEAD - 2 : 0));

const heads = (way: SceneWay): string[] =>
  way.runs
    .filter((r) => r.arrow)
    .map((r: Run) => arrowHead(r.points.at(-2)!, r.points.at(-1)!, `wm-head-${way.kind}`, HEAD));

/** Nothing where the packet dies on the spot: the cross stands there. */
const startDot = (w: SceneWay): string[] =>
  w.end?.x === w.start.x && w.end.y === w.start.y ? [] : [dot(w.start, 5, `wm-head-${w.kind}`)];

function endMark(way: SceneWay): string[] {
  if (!way.end) return [];
  return [way.end.mark === 'cross' ? cross(way.end, CROSS) : question(way.end)];
}

const question = (p: Point): string =>
  `${dot(p, 9, 'wm-box')}<text class="wm-reason" x="${number(p.x)}" y="${number(p.y + 6)}" font-size="17" font-weight="700" text-anchor="middle">?</text>`;

function card(c: SceneCard): string[] {
  const arrow = c.arrow;
  return [
    rect(c, `wm-card-${c.kind}`, 5),
    ...(arrow
      ? [
          line([arrow.from, arrow.to], `wm-thin wm-arrow-${c.kind}`, HEAD - 2),
          arrowHead(arrow.from, arrow.to, `wm-head-${c.kind}`, HEAD),
        ]
      : []),
  ];
}

function sample(entry: LegendEntry): string[] {
  const y = entry.y + entry.height / 2;
  const [from, to] = [{ x: entry.x, y }, { x: entry.x + entry.width, y }]; // prettier-ignore
  const middle = { x: entry.x + entry.width / 2, y };
  switch (entry.sample) {
    case 'there':
    case 'back':
      return [
        line([from, to], `wm-line wm-${entry.sample}`, HEAD - 2),
        arrowHead(from, to, `wm-head-${entry.sample}`, HEAD),
      ];
    case 'cross':
      return [cross(middle, 6)];
    case 'question':
      return [question(middle)];
    case 'fix':
      return [
        rect(
          { x: entry.x + SPACE.pad, y: entry.y, width: entry.width - 2 * SPACE.pad, height: entry.height },
          'wm-card-fix',
          3,
        ),
      ];
  }
}

const COLOURED: readonly Label['role'][] = ['reason', 'fix', 'note'];
const FAINT: readonly Label['role'][] = ['interface', 'prefix', 'legend'];

function text(label: Label): string {
  const { size, bold } = TYPE[label.role];
  const look = COLOURED.includes(label.role) ? label.role : FAINT.includes(label.role) ? 'faint' : 'text';
  const baseline = label.y + (label.height + size * 0.72) / 2;
  return `<text class="wm-${look}" x="${number(label.x)}" y="${number(baseline)}" font-size="${size}"${bold ? ' font-weight="700"' : ''}>${escapeXml(label.text)}</text>`;
}
