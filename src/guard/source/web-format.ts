import { failure, success, type Result } from '../../ip/index.ts';
import type { LogFormat } from './log-format.ts';
import type { LogLine } from './log-line.ts';
import { commonTime, isoTime, secondsTime, type TimeReader } from './log-time.ts';

/** What a part of a line is; `skip` is read over. `free`: its text is written by whoever asks. */
interface Part {
  readonly is: 'address' | 'time' | 'request' | 'method' | 'path' | 'status' | 'agent' | 'user' | 'skip';
  readonly free?: boolean;
  readonly time?: () => TimeReader;
}

// ngx_http_log_module, ngx_http_core_module: variables that tell us something, and those that strangers write
const NGINX: Readonly<Record<string, Part>> = {
  remote_addr: { is: 'address' },
  time_local: { is: 'time', time: commonTime },
  time_iso8601: { is: 'time', time: isoTime },
  msec: { is: 'time', time: secondsTime },
  request: { is: 'request', free: true },
  request_method: { is: 'method', free: true },
  request_uri: { is: 'path', free: true },
  status: { is: 'status' },
  http_user_agent: { is: 'agent', free: true },
  remote_user: { is: 'user', free: true },
};

// mod_log_config: %h is an address unless HostnameLookups is on
const APACHE: Readonly<Record<string, Part>> = {
  h: { is: 'address' },
  a: { is: 'address' },
  '{c}a': { is: 'address' },
  t: { is: 'time', time: commonTime },
  r: { is: 'request', free: true },
  m: { is: 'method', free: true },
  U: { is: 'path', free: true },
  s: { is: 'status' },
  '{User-Agent}i': { is: 'agent', free: true },
  u: { is: 'user', free: true },
};

/** Variables that strangers can't write anything into. */
const SAFE =
  /^(\$(body_bytes_sent|bytes_sent|request_time|request_length|connection|pipe|scheme|server_port|upstream_\w+|ssl_protocol|ssl_cipher|server_name|hostname|request_id|pid)|%([<>]?[lbBOIDTSpPvLkX]|\{\w+\}[pPT]))$/;

interface Step {
  readonly part: Part;
  /** What stands behind it; empty at the end. */
  readonly behind: string;
}

/** The format of nginx's and Apache's own "combined" log. */
export const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

/** What Apache writes for all sites of a machine. */
export const OF_ALL_SITES = '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"';

/** The older format of Apache. */
export const COMMON = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent';

/**
 * Reads what nginx calls `log_format` and Apache `LogFormat`. Code: `value-invalid`, also where the address stands behind a text that
 * strangers write and nothing ends for sure: they could write another one there.
 */
export function webFormat(text: string, name = 'own'): Result<LogFormat> {
  const { pieces, literals } = split(text.replaceAll('\\"', '"'));
  const steps = pieces.map((piece, i): Step => ({ part: partOf(piece), behind: literals[i + 1]! }));
  const fault = faultOf(steps, pieces, literals);
  if (fault !== null) return failure('value-invalid', `log format: ${fault}`);
  const last = steps.at(-1)!;
  const before = literals[0]!;
  return success({ name, read: reader(before, steps.slice(0, -1), last) });
}

/** Variables, and the texts before, between and behind them. Apache writes brackets around `%t` itself. */
function split(format: string): { readonly pieces: readonly string[]; readonly literals: readonly string[] } {
  const text = format.replaceAll(/%[<>]?t/g, '[%t]');
  const pieces: string[] = [];
  const literals: string[] = [];
  let at = 0;
  for (const match of text.matchAll(/\$\w+|\$\{\w+\}|%[<>]?[!\d,]*(?:\{[^}]*\})?[A-Za-z]/g)) {
    literals.push(text.slice(at, match.index));
    pieces.push(match[0].replace(/^\$\{(\w+)\}$/, '$$$1'));
    at = match.index + match[0].length;
  }
  return { pieces, literals: [...literals, text.slice(at)] };
}

const partOf = (piece: string): Part =>
  (piece.startsWith('$') ? NGINX[piece.slice(1)] : APACHE[piece.replace(/^%[<>]?[!\d,]*/, '')]) ??
  (SAFE.test(piece) ? { is: 'skip' } : { is: 'skip', free: true });

function faultOf(steps: readonly Step[], pieces: readonly string[], literals: readonly string[]): string | null {
  const address = steps.findIndex((s) => s.part.is === 'address');
  if (address < 0) return 'it has no address: $remote_addr, or %h';
  const touching = steps.findIndex((s, i) => s.behind === '' && i < steps.length - 1);
  if (touching >= 0) return `nothing stands between ${pieces[touching]!} and ${pieces[touching + 1]!}`;
  const open = steps.findIndex((s, i) => i < address && s.part.free && !literals[i + 1]!.startsWith('"'));
  return open < 0
    ? null
    : `the address stands behind ${pieces[open]!}, in which strangers can write one: put the address in front, or that in quotes`;
}

function reader(before: string, steps: readonly Step[], last: Step): LogFormat['read'] {
  const moves = steps.map((step, i) => ({
    behind: step.behind,
    find: finder(step, steps[i + 1] ?? last),
    fill: fieldReader(step.part),
  }));
  const findLast = finder(last, null);
  const fillLast = fieldReader(last.part);
  return (line) => {
    const { text } = line;
    if (!text.startsWith(before, line.messageFrom)) return false;
    let at = line.messageFrom + before.length;
    for (const { behind, find, fill } of moves) {
      const end = find(text, at);
      if (end < 0 || !fill(line, at, end)) return false;
      at = end + behind.length;
    }
    const end = last.behind === '' ? text.length : findLast(text, at);
    return end >= at && fillLast(line, at, end);
  };
}

/** Where a part ends: at the text behind it; in quotes not at one that is escaped. */
function finder({ part, behind }: Step, next: Step | null): (text: string, from: number) => number {
  const length = next?.part.time?.().length ?? 0;
  if (part.free && behind.startsWith('"')) return (text, from) => quoteEnd(text, from, behind);
  if (!part.free || length === 0 || next!.behind === '') return (text, from) => text.indexOf(behind, from);
  // a user's name may hold what stands before a time, but not what stands behind it
  return (text, from) => {
    const gap = length + behind.length;
    for (let end = text.indexOf(next!.behind, from + gap); end >= 0; end = text.indexOf(next!.behind, end + 1))
      if (text.startsWith(behind, end - gap)) return end - gap;
    return -1;
  };
}

function quoteEnd(text: string, from: number, behind: string): number {
  for (let end = text.indexOf(behind, from); end >= 0; end = text.indexOf(behind, end + 1)) {
    let slashes = 0;
    while (end - slashes > from && text.charCodeAt(end - slashes - 1) === 92) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

function fieldReader(part: Part): (line: LogLine, from: number, to: number) => boolean {
  switch (part.is) {
    case 'address':
      return readAddress;
    case 'time': {
      const time = part.time!();
      return (line, from, to) => {
        if (time.length > 0 && to - from !== time.length) return false;
        line.time = time.read(line.text, from, to);
        return !Number.isNaN(line.time);
      };
    }
    case 'request':
      return readRequest;
    case 'method':
      return (line, from, to) => ((line.methodFrom = from), (line.methodTo = to), true);
    case 'path':
      return (line, from, to) => ((line.pathFrom = from), (line.pathTo = to), true);
    case 'status':
      return readStatus;
    case 'agent':
      return (line, from, to) => ((line.agentFrom = from), (line.agentTo = to), true);
    case 'user':
      return (line, from, to) => ((line.userFrom = from), (line.userTo = to), true);
    case 'skip':
      return () => true;
  }
}

/** An address has no blank in it: what has one is a line of another format. */
function readAddress(line: LogLine, from: number, to: number): boolean {
  line.addressFrom = from;
  line.addressTo = to;
  const blank = line.text.indexOf(' ', from);
  return to > from && (blank < 0 || blank >= to);
}

/** `GET /path HTTP/1.1`; what is none (a TLS handshake on a plain port) has neither method nor path. */
export function readRequest(line: LogLine, from: number, to: number): boolean {
  const { text } = line;
  let method = from;
  while (method < to && text.charCodeAt(method) >= 65 && text.charCodeAt(method) <= 90) method++;
  if (method === from || text.charCodeAt(method) !== 32) return true;
  line.methodFrom = from;
  line.methodTo = method;
  let end = to;
  while (end > method + 1 && to - end < 9 && text.charCodeAt(end) !== 32) end--;
  if (text.charCodeAt(end) !== 32 || !text.startsWith('HTTP/', end + 1)) end = to;
  line.pathFrom = method + 1;
  line.pathTo = end;
  return true;
}

function readStatus(line: LogLine, from: number, to: number): boolean {
  if (to - from !== 3) return false;
  const at = (i: number): number => line.text.charCodeAt(from + i) - 48;
  line.status = at(0) * 100 + at(1) * 10 + at(2);
  return line.status >= 0 && line.status < 1000;
}
