import type { LogFormat } from './log-format.ts';
import type { LogLine } from './log-line.ts';
import { commonTime, isoTime } from './log-time.ts';

/** Where a value stands: keys, one inside the other. */
type Path = readonly string[];

/** Names of one value, in the order in which they are looked for: as nginx' users write them, Caddy, Traefik, HAProxy. */
const NAMES = {
  address: [
    ['remote_addr'],
    ['request', 'client_ip'],
    ['request', 'remote_ip'],
    ['ClientHost'],
    ['client_ip'],
    ['remoteAddr'],
  ],
  time: [['time_iso8601'], ['time_local'], ['msec'], ['ts'], ['StartUTC'], ['time'], ['timestamp'], ['@timestamp']],
  method: [['request_method'], ['request', 'method'], ['RequestMethod'], ['method']],
  path: [['request_uri'], ['request', 'uri'], ['RequestPath'], ['uri'], ['path']],
  request: [['request']],
  status: [['status'], ['DownstreamStatus'], ['status_code']],
  agent: [['http_user_agent'], ['request', 'headers', 'User-Agent'], ['request_User-Agent'], ['user_agent']],
  user: [['remote_user'], ['user_id'], ['ClientUsername']],
} as const satisfies Record<string, readonly Path[]>;

/** Access logs with one JSON object a line: nginx (`escape=json`), Caddy, Traefik, HAProxy. */
export function jsonFormat(): LogFormat {
  const times = [isoTime(), commonTime()];
  return {
    name: 'json',
    read(line) {
      if (line.text.charCodeAt(line.messageFrom) !== 123) return false;
      const value = objectOf(line.text.slice(line.messageFrom));
      if (value === null) return false;
      const texts = fieldsOf(value);
      if (texts.address === '') return false;
      line.time = timeOf(first(value, NAMES.time), times);
      line.status = Number(first(value, NAMES.status)) | 0;
      fill(line, texts);
      return line.status > 0 && line.status < 1000;
    },
  };
}

type Texts = Readonly<Record<'address' | 'method' | 'path' | 'agent' | 'user', string>>;

function fieldsOf(value: Readonly<Record<string, unknown>>): Texts {
  const whole = typeof value['request'] === 'string' ? value['request'].split(' ') : [];
  return {
    address: textOf(first(value, NAMES.address)),
    method: textOf(first(value, NAMES.method)) || (whole.length > 1 ? whole[0]! : ''),
    path: textOf(first(value, NAMES.path)) || (whole[1] ?? ''),
    agent: textOf(first(value, NAMES.agent)),
    user: textOf(first(value, NAMES.user)),
  };
}

/** Fields count in a text of their own. */
function fill(line: LogLine, { address, method, path, agent, user }: Texts): void {
  line.fields = `${address}\n${method}\n${path}\n${agent}\n${user}`;
  line.addressTo = address.length;
  line.methodFrom = line.addressTo + 1;
  line.methodTo = line.methodFrom + method.length;
  line.pathFrom = line.methodTo + 1;
  line.pathTo = line.pathFrom + path.length;
  line.agentFrom = line.pathTo + 1;
  line.agentTo = line.agentFrom + agent.length;
  line.userFrom = line.agentTo + 1;
  line.userTo = line.userFrom + user.length;
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function first(value: Readonly<Record<string, unknown>>, paths: readonly Path[]): unknown {
  for (const path of paths) {
    let at: unknown = value;
    for (const key of path)
      at =
        at !== null && typeof at === 'object' && Object.hasOwn(at, key)
          ? (at as Record<string, unknown>)[key]
          : undefined;
    if (Array.isArray(at)) at = at[0];
    if (typeof at === 'string' || typeof at === 'number') return at;
  }
  return undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function timeOf(value: unknown, times: readonly { read(text: string, from: number, to: number): number }[]): number {
  const seconds = typeof value === 'number' || /^\d+(\.\d+)?$/.test(textOf(value)) ? Number(value) : NaN;
  if (!Number.isNaN(seconds)) return Math.round(seconds * (seconds > 1e11 ? 1 : 1000));
  const text = textOf(value);
  return times.map((t) => t.read(text, 0, text.length)).find((t) => !Number.isNaN(t)) ?? NaN;
}
