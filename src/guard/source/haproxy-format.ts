import { commonTimeHere } from './local-time.ts';
import type { LogFormat } from './log-format.ts';
import type { LogLine } from './log-line.ts';
import { readRequest } from './web-format.ts';

/**
 * HAProxy's log of requests (`option httplog`): `ADDRESS:PORT [TIME] FRONTEND BACKEND/SERVER TIMES STATUS …`, the request last and in
 * quotes, which HAProxy writes as `#22` where a visitor sends them. Its time has no zone: that of syslog counts where there is one.
 */
export function haproxyFormat(): LogFormat {
  const accepted = commonTimeHere();
  return {
    name: 'haproxy',
    read(line) {
      const { text } = line;
      const bracket = text.indexOf(' [', line.messageFrom);
      const end = bracket < 0 ? -1 : text.indexOf('] ', bracket);
      if (end < 0 || !readAddress(line, bracket)) return false;
      if (Number.isNaN(line.time)) line.time = accepted.read(text, bracket + 2, end);
      return !Number.isNaN(line.time) && readRest(line, end + 2);
    },
  };
}

/** An address of IPv6 has colons too: the port stands behind the last one. */
function readAddress(line: LogLine, to: number): boolean {
  const colon = line.text.lastIndexOf(':', to);
  if (colon <= line.messageFrom || line.text.indexOf(' ', line.messageFrom) < to) return false;
  line.addressFrom = line.messageFrom;
  line.addressTo = colon;
  return true;
}

/** Words before the status: frontend, backend with server, times. */
const BEFORE_STATUS = 3;

function readRest(line: LogLine, from: number): boolean {
  const { text } = line;
  let at = from;
  for (let i = 0; i < BEFORE_STATUS; i++) {
    at = text.indexOf(' ', at) + 1;
    if (at === 0) return false;
  }
  const status = /^(\d{3}|-1) /.exec(text.slice(at, at + 4));
  const quote = text.indexOf(' "', at);
  if (!status || quote < 0 || !text.endsWith('"')) return false;
  line.status = Math.max(0, Number(status[1]));
  return readRequest(line, quote + 2, text.length - 1);
}
