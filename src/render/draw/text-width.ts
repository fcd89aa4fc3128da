/** Advance widths of DejaVu Sans for U+0020 to U+007E, in thousandths of the font size. Verdana is as wide; Arial and Helvetica are narrower. */
const PLAIN = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
];

/** The same for DejaVu Sans Bold. */
const BOLD = [
  348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
  696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
  837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
  678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
  365, 712, 838,
];

/** The width in pixels of a text set in a sans-serif font of `size` pixels: rather too much than too little. */
export function textWidth(text: string, size: number, bold = false): number {
  let sum = 0;
  for (const character of text) sum += advance(character.codePointAt(0)!, bold ? BOLD : PLAIN);
  return Math.ceil((sum * size) / 1000);
}

function advance(code: number, table: readonly number[]): number {
  const known = table[code - 32];
  if (known !== undefined) return known;
  // Letters of Latin, Greek and Cyrillic are at most 1.25 em wide in bold; everything behind them gets more.
  return code < 0x530 ? 1250 : 1400;
}

/** The text cut to fit into `width` pixels, with `…` at its end when something was cut off. */
export function fitText(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && textWidth(characters.join('') + '…', size, bold) > width) characters.pop();
  return characters.join('') + '…';
}

/** The text cut at spaces into lines of at most `width` pixels; a longer word is cut off with `…`. */
export function wrapText(text: string, width: number, size: number, bold = false): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').map((w) => fitText(w, width, size, bold))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size, bold) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
