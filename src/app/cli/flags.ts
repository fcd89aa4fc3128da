import { failure, success, type Result } from '../../ip/index.ts';

const text = (value: string): string => value;

/** `-n`, which every command that works on a network has. */
export const networkFlag = {
  kind: 'parsed',
  parse: text,
  brief: 'Network file, facts bundle, folder of both, or - for standard input; without it this machine',
  placeholder: 'NETWORK',
  optional: true,
} as const;

/** `--json`. */
export const jsonFlag = {
  kind: 'boolean',
  brief: 'Print JSON for programs',
  default: false,
  withNegated: false,
} as const;

/** `--verbose`. */
export const verboseFlag = {
  kind: 'boolean',
  brief: 'Print every step with its evidence',
  default: false,
  withNegated: false,
} as const;

/** A port, 1 to 65535. Throws with words for the person, as the command line library wants it. */
export function portOf(value: string): number {
  const port = parsePort(value);
  if (port.ok) return port.value;
  throw new SyntaxError(port.message);
}

function parsePort(value: string): Result<number> {
  const n = /^[1-9]\d{0,4}$/.test(value) ? Number(value) : 0;
  return n >= 1 && n <= 65535
    ? success(n)
    : failure('port-invalid', `'${value}' is no port; write a number from 1 to 65535`);
}

/** `--proto` and `--port`. */
export const serviceFlags = {
  proto: {
    kind: 'enum',
    values: ['icmp', 'tcp', 'udp'],
    brief: 'What is asked for: icmp is a ping; tcp when a port is given',
    optional: true,
  },
  port: { kind: 'parsed', parse: portOf, brief: 'Port for tcp and udp', placeholder: 'N', optional: true },
} as const;

/** Values of `serviceFlags`. */
export interface ServiceFlags {
  readonly proto?: 'icmp' | 'tcp' | 'udp';
  readonly port?: number;
}

/** The service that the flags ask for: ping without a port, tcp with one. Code: `usage`. */
export function serviceOf({ proto, port }: ServiceFlags): Result<{ protocol: 'icmp' | 'tcp' | 'udp'; port: number }> {
  const protocol = proto ?? (port === undefined ? 'icmp' : 'tcp');
  if (protocol === 'icmp' && port !== undefined)
    return failure('usage', 'a ping has no port', 'leave --port out, or use --proto tcp or udp');
  if (protocol !== 'icmp' && port === undefined)
    return failure('usage', `--proto ${protocol} needs --port`, 'for example --port 22');
  return success({ protocol, port: port ?? 0 });
}
