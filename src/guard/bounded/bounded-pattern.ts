/** What is at work now, so that it can be blamed. */
const atWork: { pattern: BoundedPattern | null; text: string } = { pattern: null, text: '' };

/** A pattern of somebody else's. `InTime` switches it off when it takes too long; from then on it finds nothing. */
export class BoundedPattern {
  /** For messages: which pattern, and where it stands. */
  readonly name: string;
  readonly regexp: RegExp;
  isOff = false;

  constructor(regexp: RegExp, name: string) {
    this.regexp = regexp;
    this.name = name;
  }

  /** What it finds in the text, with the flag `g` at `from` or behind; null when it finds nothing, or is switched off. */
  exec(subject: string, from = 0): RegExpExecArray | null {
    if (this.isOff) return null;
    atWork.pattern = this;
    atWork.text = subject;
    this.regexp.lastIndex = from;
    const found = this.regexp.exec(subject);
    atWork.pattern = null;
    return found;
  }
}

/** The pattern that was interrupted, and in which text; null when it was something else. Asked once. */
export function interrupted(): { readonly pattern: BoundedPattern; readonly text: string } | null {
  const { pattern, text } = atWork;
  atWork.pattern = null;
  return pattern && { pattern, text };
}
