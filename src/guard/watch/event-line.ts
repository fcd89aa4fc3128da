import { bitsOf, formatAddress, formatPrefix, type Prefix } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';
import type { GuardEvent } from './guard-event.ts';

/** A line of the log, and how bad it is: a priority of syslog(3). */
export interface EventLine {
  readonly priority: 3 | 4 | 6;
  readonly text: string;
}

/** Decisions of one event that have lines of their own; of more only the number is said. */
const SHOWN = 20;

/**
 * What the log says of an event: one line each, `what WHOM key=value …`. What others wrote stands in quotes, and nothing in it
 * can be a line of its own or change how the others look.
 */
export function eventLines(event: GuardEvent): readonly EventLine[] {
  switch (event.kind) {
    case 'blocked':
      return several(event.decisions, 'blocked', blockedWords);
    case 'lifted':
      return [info(`lifted ${name(event.decision.prefix)} by=${quoted(event.by)} ${reference(event.decision)}`)];
    case 'ended':
      return several(event.decisions, 'ended', (d) => `${name(d.prefix)} ${reference(d)}`);
    case 'repaired':
      return [{ priority: 4, text: `repaired why=${quoted(event.why.map((d) => d.message).join('; '))}` }];
    case 'enforced':
      return event.verb === 'verify'
        ? []
        : event.faults.map((d) => ({ priority: 3, text: faultText(event.verb, d.code, d.message) }));
  }
}

const info = (text: string): EventLine => ({ priority: 6, text });

function several(decisions: readonly Decision[], what: string, words: (d: Decision) => string): readonly EventLine[] {
  if (decisions.length > SHOWN) return [info(`${what} count=${decisions.length}`)];
  return decisions.map((d) => info(`${what} ${words(d)}`));
}

const blockedWords = (d: Decision): string => {
  const until = d.until === null ? 'never' : new Date(d.until).toISOString();
  return `${name(d.prefix)} until=${until} ${reference(d)} by=${quoted(d.by)} reason=${quoted(d.reason)}`;
};

const faultText = (verb: string, code: string, message: string): string =>
  `fault verb=${verb} code=${code} message=${quoted(message)}`;

const reference = (d: Decision): string => `reference=${quoted(d.reference)}`;

const name = (prefix: Prefix): string =>
  prefix.length === bitsOf(prefix.address.family) ? formatAddress(prefix.address) : formatPrefix(prefix);

const LONGEST = 300;

/** Text of others: a bare word as it is, anything else as a JSON string of printable characters. */
function quoted(text: string): string {
  if (/^[\w.@:/-]{1,100}$/.test(text)) return text;
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const json = JSON.stringify(cut);
  return json.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
