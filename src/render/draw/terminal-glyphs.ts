import type { BandKind, WayKind } from './scene.ts';

/** A band's line, and how it meets the upper and lower edge of a box. */
export const BAND: Readonly<Record<BandKind, { readonly line: string; readonly into: string; readonly out: string }>> =
  {
    lan: { line: '│', into: '┴', out: '┬' },
    tunnel: { line: '║', into: '╨', out: '╥' },
    internet: { line: '┊', into: '┴', out: '┬' },
  };

/** A way's lines; corners by the sides they join. */
export const WAY: Readonly<
  Record<
    WayKind,
    {
      readonly down: string;
      readonly across: string;
      readonly corner: Readonly<Record<'up-right' | 'up-left' | 'down-right' | 'down-left', string>>;
    }
  >
> = {
  there: { down: '┃', across: '━', corner: { 'up-right': '┗', 'up-left': '┛', 'down-right': '┏', 'down-left': '┓' } },
  back: { down: '┆', across: '╌', corner: { 'up-right': '╰', 'up-left': '╯', 'down-right': '╭', 'down-left': '╮' } },
};

/** What stands for each character where there is only ASCII. */
const ASCII: Readonly<Record<string, string>> = {
  '│': '|', '║': '!', '┊': ':', '┴': '+', '┬': '+', '╨': '+', '╥': '+', '┌': '+', '┐': '+', '└': '+', '┘': '+', '─': '-',
  '┃': '#', '━': '#', '┗': '#', '┛': '#', '┏': '#', '┓': '#',
  '┆': '%', '╌': '%', '╰': '%', '╯': '%', '╭': '%', '╮': '%',
  '●': 'o', '▼': 'v', '▲': '^', '✗': 'X', '…': '~',
}; // prettier-ignore

/** The line with each drawing character replaced; other texts stay as they are. */
export const toAscii = (line: string): string => Array.from(line, (c) => ASCII[c] ?? c).join('');
