import type { Likeness } from '../route-dialect.ts';

const COMMAND = /^\s*[#$]?\s*((sudo|doas|setfib)\s+(\d+\s+)?)?(\/\S*\/)?route\s+((-[nqvtd46]+|-T\s*\d+)\s+)*add\s/m;
/** Words that only other programs named `route` have. */
const OTHERS = /\s(gw|dev|mask|netmask|reject|metric|if|-A|-p|--inet6?)(\s|$)/i;

/** How much a text looks like one BSD's `route add` or listing: `own` is what only that one writes, `other` what only others do. */
export function likeBsd(text: string, own: RegExp, other: RegExp): Likeness {
  const commands = text.split('\n').filter((line) => COMMAND.test(line));
  const isListing = /^\s*Destination\s+Gateway\s+Flags\s+(Netif|Refs)/m.test(text);
  if (!isListing && (commands.length === 0 || commands.every((line) => OTHERS.test(line)))) return 'no';
  if (other.test(text) && !own.test(text)) return 'maybe';
  return 'yes';
}
