/** How a text is set. */
export interface TextOptions {
  /** Every step with its evidence, and every fix with all commands. */
  readonly verbose: boolean;
  /** ANSI colours; they never carry meaning alone. */
  readonly colour: boolean;
  /** Characters a line, 40 or more. */
  readonly width: number;
}

/** How pieces of text are set off on a terminal. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const code =
  (on: boolean, start: number, end: number) =>
  (text: string): string =>
    on && text !== '' ? `\u001b[${start}m${text}\u001b[${end}m` : text;

/** ANSI styles, or none at all. */
export const styleFor = (colour: boolean): Style => ({
  bold: code(colour, 1, 22),
  dim: code(colour, 2, 22),
  red: code(colour, 31, 39),
  green: code(colour, 32, 39),
  yellow: code(colour, 33, 39),
});
