import type { LabelRole } from './scene.ts';
import { textWidth } from './text-width.ts';

/** Size in pixels and weight of each kind of text. */
export const TYPE: Readonly<Record<LabelRole, { readonly size: number; readonly bold: boolean }>> = {
  title: { size: 17, bold: true },
  host: { size: 14, bold: true },
  address: { size: 13, bold: false },
  interface: { size: 11, bold: false },
  band: { size: 13, bold: true },
  prefix: { size: 12, bold: false },
  reason: { size: 13, bold: true },
  fix: { size: 13, bold: true },
  note: { size: 13, bold: true },
  legend: { size: 12, bold: false },
};

/** Distances in pixels. */
export const SPACE = {
  margin: 20,
  /** Between columns at least; bands reach this far beyond their outer boxes. */
  gap: 56,
  overhang: 22,
  /** Inside boxes, cards and bands. */
  pad: 10,
  /** Between a band's words and its first line. */
  words: 6,
  /** From one line of a way to the next. */
  lane: 18,
  /** Height of a box above its first band, where its name stands, and below its last. */
  header: 28,
  foot: 8,
  rowGap: 22,
  /** Length of a card's arrow. */
  arrow: 22,
  corner: 7,
} as const;

/** Longest texts in pixels; what is longer is cut off with `…`. */
export const LIMIT = { host: 220, address: 300, band: 220, note: 340 } as const;

/** Height of a line of text. */
export const lineHeight = (role: LabelRole): number => Math.ceil(TYPE[role].size * 1.3);

/** Width of a text in its role. */
export const widthOf = (text: string, role: LabelRole): number => textWidth(text, TYPE[role].size, TYPE[role].bold);
