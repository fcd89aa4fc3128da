import { hasErrors, type Diagnostic } from '../../../ip/index.ts';
import { groupOf } from '../pattern/compile-pattern.ts';
import { dateTemplate, type DateTemplate } from './date-template.ts';
import { usualDates, usualDatesWithin } from './usual-dates.ts';

/** A date that stands in a line. */
export interface FoundDate {
  /** Of the text that is the date, in characters. */
  readonly from: number;
  readonly to: number;
  /** Where its pattern begins to match. */
  readonly begin: number;
  readonly template: DateTemplate;
}

/** A template as a log uses it. */
interface Used {
  readonly template: DateTemplate;
  hits: number;
  /** How far from the begin of a line it was found last. */
  distance: number;
}

const FAR = 0x7fffffff;

/**
 * Finds the date of a line. Which of many kinds a line's date is of can be doubtful, so a finder prefers the one that it found last and where it
 * found it, then those that it found often: the order of fail2ban, so that both read the same.
 */
export class DateFinder {
  readonly #all: Used[];
  #last = -1;
  #from = 1;
  #to = FAR;
  /** The characters around the last date, from outside to inside: before, first, last, behind. */
  #edges: readonly [string, string, string, string] = ['', '', '', ''];
  #firstUnused = 0;

  constructor(templates: readonly DateTemplate[]) {
    this.#all = templates.map((template) => ({ template, hits: 0, distance: FAR }));
  }

  /** The date of a line; null when none is found. */
  find(line: string): FoundDate | null {
    const again = this.#again(line);
    const best = this.#sure(again) ?? this.#search(line, again);
    if (best === null) return null;
    this.#note(line, best);
    const { template } = this.#all[this.#last]!;
    const { found } = best;
    return { ...placeOf(template, found), begin: found.index, template };
  }

  /** The kind that was found last, where it was found last. */
  #again(line: string): Candidate | null {
    const index = this.#last;
    if (index < 0) return null;
    const { template } = this.#all[index]!;
    const isThere = !template.isAnchored && this.#hasEdges(line);
    const found = isThere
      ? template.compiled.pattern.exec(line.slice(0, this.#to), this.#from)
      : template.compiled.pattern.exec(line);
    return { index, found, isSearched: !isThere };
  }

  #hasEdges(line: string): boolean {
    const [before, first, last, behind] = this.#edges;
    const isWord = (c: string): boolean => /[\p{L}\p{N}]/u.test(c);
    return (
      ((this.#from > 0 ? line.slice(this.#from - 1, this.#from) : '') === before ||
        (line.slice(this.#from, this.#from + 1) === first && !isWord(first))) &&
      (line.slice(this.#to, this.#to + 1) === behind || (line.slice(this.#to - 1, this.#to) === last && !isWord(last)))
    );
  }

  #sure(again: Candidate | null): Sure | null {
    if (again?.found == null) return null;
    const { index, found, isSearched } = again;
    const isOnlyOne = this.#all.length === 1 || this.#all[index]!.template.isAnchored;
    const isThere = found.index === this.#from && found.index + found[0].length === this.#to;
    return isOnlyOne || isThere ? { index, found, isSearched } : null;
  }

  #search(line: string, again: Candidate | null): Sure | null {
    let best: Sure | null = again?.found ? (again as Sure) : null;
    for (const [index, used] of this.#all.entries()) {
      if (again?.isSearched && again.index === index) continue;
      const found = used.template.compiled.pattern.exec(line);
      if (found === null) continue;
      const sure: Sure = { index, found, isSearched: true };
      if (this.#ends(index, found.index) || (found.index <= used.distance && found.index <= this.#from)) return sure;
      // a date further on than before may be a part of the message: another kind may be nearer
      if (best === null || found.index < best.found.index) best = sure;
    }
    return best;
  }

  /** Whether others need not be tried. */
  #ends(index: number, distance: number): boolean {
    const used = this.#all[index]!;
    const next = this.#all[index + 1];
    return next === undefined || used.template.isAnchored || (distance === 0 && used.hits > 0 && next.hits === 0);
  }

  #note(line: string, { index, found }: Sure): void {
    const used = this.#all[index]!;
    used.hits++;
    used.distance = found.index;
    if (this.#firstUnused === index) this.#firstUnused++;
    this.#from = found.index;
    this.#to = found.index + found[0].length;
    const at = (from: number): string => (from < 0 ? '' : line.slice(from, from + 1));
    this.#edges = [at(this.#from - 1), at(this.#from), at(this.#to - 1), at(this.#to)];
    this.#last = index > 0 && index !== this.#last ? this.#moved(index) : index;
  }

  /** What is found often goes to the front. */
  #moved(index: number): number {
    const weight = ({ hits, template, distance }: Used): number => (hits * template.weight) / Math.max(1, distance);
    const used = this.#all[index]!;
    const far = this.#firstUnused < index ? this.#firstUnused : index >> 1;
    const to = [far, index - 1].find((i) => weight(used) > weight(this.#all[i]!));
    if (to === undefined) return index;
    this.#all.splice(index, 1);
    this.#all.splice(to, 0, used);
    while (this.#all[this.#firstUnused]?.hits) this.#firstUnused++;
    return to;
  }
}

interface Candidate {
  readonly index: number;
  readonly found: RegExpExecArray | null;
  /** The whole line was searched. */
  readonly isSearched: boolean;
}

interface Sure extends Candidate {
  readonly found: RegExpExecArray;
}

/** Where the date itself stands: the first group. Before it stand at most two characters, unless the pattern has groups of its own. */
function placeOf(template: DateTemplate, found: RegExpExecArray): { readonly from: number; readonly to: number } {
  const groups = template.compiled.names.get('#1')!;
  const place = groups.map((group) => found.indices?.[group]).find((p) => p !== undefined);
  if (place) return { from: place[0], to: place[1] };
  const text = groupOf(found, groups)!;
  const from = found.index + found[0].indexOf(text);
  return { from, to: from + text.length };
}

/** The templates of a `datepattern`, of more than one in its lines; the usual ones when there is none. Codes: those of `dateTemplate`. */
export function dateTemplatesOf(
  datepattern: string | null,
  now: number,
): { readonly templates: readonly DateTemplate[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const templates = (datepattern ?? '').split('\n').flatMap((line): readonly DateTemplate[] => {
    const text = line.trim();
    if (text === '' || /^\{default\}$/i.test(text)) return [];
    if (/^\{\^ln-beg\}$/i.test(text)) return usualDates(now).filter((t) => t.isAtBegin);
    if (/\{DATE\}/i.test(text) && (!text.includes('%') || text.includes('{DATE}'))) return usualDatesWithin(text, now);
    const template = dateTemplate(/^\{none\}$/i.test(text) ? '{UNB}^' : text, now);
    if (!template.ok) diagnostics.push({ severity: 'error', ...template });
    return template.ok ? [template.value] : [];
  });
  const isUsual = templates.length === 0 && !hasErrors(diagnostics);
  return { templates: isUsual ? usualDates(now) : templates, diagnostics };
}
