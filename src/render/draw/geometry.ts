import type { Arrangement } from './arrange-cost.ts';
import { puzzleOf, spans } from './arrange-cost.ts';
import { printable } from '../lines.ts';
import { fitText } from './text-width.ts';
import { LIMIT, lineHeight, SPACE, TYPE, widthOf } from './look.ts';
import type { Note, Notes } from './notes.ts';
import type { Plan } from './plan.ts';
import type { LabelRole } from './scene.ts';
import type { Leg, Wiring } from './wiring.ts';

/** A text that has no place yet. */
export interface Words {
  readonly text: string;
  readonly role: LabelRole;
}

/** The free piece of a band between two columns, where words may stand: gap `n` lies left of column `n`. */
export interface Slot {
  readonly band: number;
  readonly gap: number;
  readonly words: readonly Words[];
}

/** Everything about the picture but its coordinates. */
export interface Draft {
  readonly plan: Plan;
  readonly arrangement: Arrangement;
  readonly wiring: Wiring;
  readonly notes: Notes;
  readonly span: readonly { readonly top: number; readonly bottom: number }[];
  /** Words on the bands: names, and reasons beside crosses. */
  readonly slots: readonly Slot[];
  /** By band: first and last column and, where words or a cross lie beyond, the gaps that belong to it too. */
  readonly reach: readonly {
    readonly left: number;
    readonly right: number;
    readonly firstGap: number;
    readonly lastGap: number;
  }[];
  /** By host and band: the words inside the box. */
  readonly strip: (host: number, band: number) => readonly Words[];
}

/** Words, slots and reaches of everything. */
export function draftOf(plan: Plan, arrangement: Arrangement, wiring: Wiring, notes: Notes): Draft {
  const span = spans(puzzleOf(plan), arrangement.row);
  const crosses = wiring.legs.flatMap((leg) => (leg.stub ? [crossSlot(leg, notes)] : []));
  const names = plan.bands.map((_, b) => nameSlot(plan, arrangement, b, crosses));
  const slots = [...names, ...crosses];
  const reach = plan.bands.map((_, b) => {
    const columns = columnsOf(plan, arrangement, b);
    const own = slots.filter((s) => s.band === b).map((s) => s.gap);
    const [left, right] = [Math.min(...columns), Math.max(...columns)];
    return { left, right, firstGap: Math.min(left + 1, ...own), lastGap: Math.max(right, ...own) };
  });
  return { plan, arrangement, wiring, notes, span, slots, reach, strip: (h, b) => stripWords(plan, h, b) };
}

const columnsOf = (plan: Plan, a: Arrangement, band: number): number[] =>
  plan.bands[band]!.members.map((m) => a.column[plan.hosts.indexOf(m.host)]!);

/** What dies on a band dies in the gap to the right of the host it left. */
function crossSlot(leg: Leg, notes: Notes): Slot {
  const words = notes.reasons[leg.way]!.map((text): Words => ({ text, role: 'reason' }));
  return { band: leg.band, gap: leg.from + 1, words };
}

/** A band's name stands in its first free gap, else to the right or left of it. */
function nameSlot(plan: Plan, a: Arrangement, band: number, crosses: readonly Slot[]): Slot {
  const columns = columnsOf(plan, a, band);
  const [left, right] = [Math.min(...columns), Math.max(...columns)];
  const inner = Array.from({ length: right - left }, (_, i) => left + 1 + i);
  const taken = new Set(crosses.filter((s) => s.band === band).map((s) => s.gap));
  const gap = [...inner, right + 1, left].find((g) => !taken.has(g)) ?? right + 1;
  return { band, gap, words: bandWords(plan, band) };
}

function bandWords(plan: Plan, band: number): Words[] {
  const { name, prefixes } = plan.bands[band]!;
  const shown = prefixes.slice(0, 2).map((text): Words => ({ text, role: 'prefix' }));
  const more: Words[] = prefixes.length > 2 ? [{ text: `and ${prefixes.length - 2} more`, role: 'prefix' }] : [];
  return [{ text: name, role: 'band' as const }, ...shown, ...more].map((w) => fit(w, LIMIT.band));
}

/** The words cleaned and cut to fit. */
export const fit = (w: Words, limit: number): Words => ({
  ...w,
  text: fitText(printable(w.text), limit, TYPE[w.role].size, TYPE[w.role].bold),
});

/** At most two interfaces of at most two addresses each; the rest is counted. */
function stripWords(plan: Plan, host: number, band: number): Words[] {
  const members = plan.bands[band]!.members.filter((m) => m.host === plan.hosts[host]);
  const shown = members.slice(0, 2).flatMap((m) => {
    const addresses = m.addresses.slice(0, 2).map((text): Words => ({ text, role: 'address' }));
    const more = m.addresses.length > 2 ? ` and ${m.addresses.length - 2} more` : '';
    return [...addresses, { text: m.interface + more, role: 'interface' as const }];
  });
  const rest: Words[] = members.length > 2 ? [{ text: `and ${members.length - 2} more`, role: 'interface' }] : [];
  return [...shown, ...rest].map((w) => fit(w, LIMIT.address));
}

/** Height of words set below each other. */
export const wordsHeight = (words: readonly Words[]): number => words.reduce((sum, w) => sum + lineHeight(w.role), 0);

/** Width of the widest of the words. */
export const wordsWidth = (words: readonly Words[]): number =>
  Math.max(0, ...words.map((w) => widthOf(w.text, w.role)));

/** Size of a card with its note. */
export function cardSize(note: Note): { width: number; height: number } {
  const words = note.lines.map((text): Words => ({ text, role: note.kind }));
  return { width: wordsWidth(words) + 2 * SPACE.pad, height: wordsHeight(words) + SPACE.pad };
}

/** Width of a host's box: its name, and its addresses with the tracks beside them. */
export function boxWidth(d: Draft, host: number): number {
  const strips = d.plan.bands.flatMap((_, b) => d.strip(host, b));
  const tracks = d.wiring.tracks[host]! * SPACE.lane;
  const name = widthOf(fit({ text: d.plan.hosts[host]!, role: 'host' }, LIMIT.host).text, 'host');
  return 2 * SPACE.pad + Math.max(name, wordsWidth(strips) + tracks, 60);
}
