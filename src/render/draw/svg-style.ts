/** Colours of one theme. Text has a contrast of at least 4.5 on what it stands on (WCAG 2.2, 1.4.3). */
export interface Theme {
  readonly paper: string;
  readonly box: string;
  readonly edge: string;
  readonly text: string;
  readonly faint: string;
  readonly lan: string;
  readonly tunnel: string;
  readonly internet: string;
  readonly there: string;
  readonly back: string;
  readonly dead: string;
  readonly deadCard: string;
  readonly fix: string;
  readonly fixCard: string;
}

/** On white: also what is printed and what becomes a PNG. */
export const LIGHT: Theme = {
  paper: '#ffffff', box: '#ffffff', edge: '#4b5563', text: '#111827', faint: '#4b5563',
  lan: '#dfe3e8', tunnel: '#c5ebcd', internet: '#cfe6fa',
  there: '#0b4fae', back: '#86198f', dead: '#b80018', deadCard: '#fdecec', fix: '#0f5f2c', fixCard: '#eefaf0',
}; // prettier-ignore

/** Where the reader's system asks for dark. */
export const DARK: Theme = {
  paper: '#0d1117', box: '#161b22', edge: '#9aa4b0', text: '#f0f3f6', faint: '#b7c0ca',
  lan: '#343b45', tunnel: '#174a2b', internet: '#173f63',
  there: '#7cc0ff', back: '#e3a5f5', dead: '#ff8f88', deadCard: '#3a1518', fix: '#6fe08d', fixCard: '#10301b',
}; // prettier-ignore

const rules = (t: Theme): string =>
  [
    `.wm-paper{fill:${t.paper}}`,
    `.wm-lan{fill:${t.lan}}.wm-tunnel{fill:${t.tunnel}}.wm-internet{fill:${t.internet}}`,
    `.wm-box{fill:${t.box}}.wm-edge{fill:none;stroke:${t.edge}}.wm-edge-dead{stroke:${t.dead}}`,
    `.wm-text{fill:${t.text}}.wm-faint{fill:${t.faint}}.wm-reason{fill:${t.dead}}.wm-fix{fill:${t.fix}}.wm-note{fill:${t.there}}`,
    `.wm-there{stroke:${t.there}}.wm-back{stroke:${t.back}}.wm-cross{stroke:${t.dead}}`,
    `.wm-head-there{fill:${t.there}}.wm-head-back{fill:${t.back}}`,
    `.wm-card-reason{fill:${t.deadCard};stroke:${t.dead}}.wm-card-fix{fill:${t.fixCard};stroke:${t.fix}}.wm-card-note{fill:${t.box};stroke:${t.there}}`,
    `.wm-arrow-reason{stroke:${t.dead}}.wm-arrow-fix{stroke:${t.fix}}.wm-arrow-note{stroke:${t.there}}.wm-head-reason{fill:${t.dead}}.wm-head-fix{fill:${t.fix}}.wm-head-note{fill:${t.there}}`,
  ].join('');

const SHAPES =
  '.wm-line{fill:none;stroke-width:3;stroke-linejoin:round;stroke-linecap:round}' +
  '.wm-back{stroke-dasharray:9 6}.wm-cross{fill:none;stroke-width:4.5;stroke-linecap:round}' +
  '.wm-edge{stroke-width:1.5}.wm-edge-dead{stroke-width:2.5}.wm-thin{fill:none;stroke-width:1.75}' +
  '.wm-card-reason,.wm-card-fix,.wm-card-note{stroke-width:1.25}';

/** The picture's style sheet: light, and dark where the reader's system asks for it. */
export const styleSheet = (): string => `${SHAPES}${rules(LIGHT)}@media (prefers-color-scheme:dark){${rules(DARK)}}`;
