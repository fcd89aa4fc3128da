import { eachLine } from './lines.ts';
import type { ListCollector } from './list-collector.ts';
import { readLiteralInto } from './read-literal-into.ts';

/** A filter may ban users or sessions instead of addresses (`<F-ID>` in jail.conf(5)). */
function takeBanned(word: string, at: number, jail: string, into: ListCollector): void {
  const remark = jail === '' ? {} : { reason: `banned by fail2ban's ${jail}` };
  into.add(word, at, remark, 'what is banned is no address');
}

/**
 * Reads what `fail2ban-client banned` prints, which is Python: `[{'sshd': ['192.0.2.1']}, {'nginx': []}]`.
 */
export function readFail2banBanned(text: string, into: ListCollector): void {
  // the jails of the maps that are open
  const jails: string[] = [];
  readLiteralInto(text, into, {
    open: () => jails.push(jails.at(-1) ?? ''),
    close: () => jails.pop(),
    key: (name) => (jails[jails.length - 1] = name),
    value(word, at, isString) {
      if (isString) takeBanned(word, at, jails.at(-1) ?? '', into);
    },
  });
}

const JAIL = /^Status for the jail: *(.*)$/;
const BANNED = /^[\s|`]*[|`]- *Banned IP list:/;
const OTHER = /^[\s|`]*[|`]- *[^:]*(:|$)/;

/** Reads what `fail2ban-client status JAIL` prints, of one jail or of several below each other. */
export function readFail2banStatus(text: string, into: ListCollector): void {
  let jail = '';
  eachLine(text, (line, at) => {
    const banned = BANNED.exec(line)?.[0];
    if (banned !== undefined) {
      const words = line.slice(banned.length);
      for (const found of words.matchAll(/\S+/g)) takeBanned(found[0], at + banned.length + found.index, jail, into);
      return;
    }
    jail = JAIL.exec(line)?.[1]?.trim() ?? jail;
    if (JAIL.test(line) || OTHER.test(line) || line.trim() === '') return;
    const message = 'this is no line of a status of fail2ban';
    into.fault({ code: 'line-unknown', severity: 'error', message }, { at, length: line.length });
  });
}

const MOMENT = String.raw`(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)`;

/** A line of `fail2ban-client get JAIL banip --with-time` (server/banmanager.py, getBanList). */
export const WITH_TIME = new RegExp(String.raw`^\s*(\S+)\s+${MOMENT} \+ (-?\d+) = ${MOMENT}\s*$`);

/** fail2ban's end of all time: what it prints for a ban that is never lifted. */
const NEVER = 9999;

/**
 * Reads what `fail2ban-client get JAIL banip --with-time` prints: address, beginning, seconds, end. Its times have no
 * zone; they are taken for this machine's.
 */
export function readFail2banTimes(text: string, into: ListCollector): void {
  eachLine(text, (line, at) => {
    if (line.trim() === '') return;
    const found = WITH_TIME.exec(line);
    if (found === null) {
      const message = 'this line has no address with beginning, seconds and end of the ban';
      into.fault({ code: 'line-unknown', severity: 'error', message }, { at, length: line.length });
      return;
    }
    const [year, month, day, hour, minute, second] = found.slice(9).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const isForever = year === NEVER || Number(found[8]) < 0;
    const until = isForever ? null : new Date(year, month - 1, day, hour, minute, second).getTime();
    into.add(found[1]!, at + line.indexOf(found[1]!), { until });
  });
}
