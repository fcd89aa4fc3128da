/** TOS names (xtables `tos` match) with their values; as a match they leave the two ECN bits out. */
export const TOS_NAMES: ReadonlyMap<string, number> = new Map([
  ['minimize-delay', 0x10],
  ['maximize-throughput', 0x08],
  ['maximize-reliability', 0x04],
  ['minimize-cost', 0x02],
  ['normal-service', 0x00],
]);

/** The code point of a DiffServ class (`EF`, `CS3`, `AF41`, `BE`); null when it is none. */
export function dscpNumber(name: string): number | null {
  const text = name.toUpperCase();
  if (text === 'BE') return 0;
  if (text === 'EF') return 46;
  const [, kind, first, second] = /^(CS|AF)(\d)(\d?)$/.exec(text) ?? [];
  if (kind === 'CS' && second === '' && Number(first) <= 7) return Number(first) * 8;
  const [x, y] = [Number(first), Number(second)];
  return kind === 'AF' && second !== '' && x >= 1 && x <= 4 && y >= 1 && y <= 3 ? x * 8 + y * 2 : null;
}
