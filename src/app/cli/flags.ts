import { failure, success, type Result } from '../../ip/index.ts';

/** Takes a word as it is written. */
const asWritten = (value: string): string => value;

/** An argument that is no flag. */
export const argument = (placeholder: string, brief: string) => ({ parse: asWritten, placeholder, brief }) as const;

/** A flag that is there or not. */
export const yes = (brief: string) => ({ kind: 'boolean', brief, optional: true, withNegated: false }) as const;

/** A flag with a value. */
export const valued = (placeholder: string, brief: string) =>
  ({ kind: 'parsed', parse: asWritten, placeholder, brief, optional: true }) as const;

/** The same parameter, for which the shell's completion offers these words; others may be right too. */
export const offering = <T extends object>(
  parameter: T,
  words: readonly string[] | (() => Promise<readonly string[]>),
) => ({
  ...parameter,
  proposeCompletions: typeof words === 'function' ? words : (): readonly string[] => words,
});

/** A flag with one of some words as its value. */
export const oneOf = <const T extends string>(words: readonly T[], placeholder: string, brief: string) =>
  ({
    kind: 'parsed',
    parse: (value: string): T => wordOf(words, value),
    placeholder,
    brief: `${brief}: ${words.join(', ')}`,
    optional: true,
    proposeCompletions: () => words,
  }) as const;

/** Throws with words for the person, as the command line library wants it. */
function wordOf<T extends string>(words: readonly T[], value: string): T {
  const word = words.find((w) => w === value);
  if (word !== undefined) return word;
  throw new SyntaxError(`'${value}' is none of ${words.join(', ')}`);
}

/** `-n`, which every command that works on a network has. */
export const networkFlag = valued('NETWORK', 'Network file, bundle, folder of both, or -; else this machine');

/** `--settings`, of all commands that block. */
export const settingsFlag = valued('FILE', 'Settings of the guard; /etc/waymark/guard.yaml when not said');

/** `--json`. */
export const jsonFlag = yes('Print JSON for programs');

/** `--verbose`. */
export const verboseFlag = yes('Print every step with its evidence');

/** A port, 1 to 65535. Throws with words for the person, as the command line library wants it. */
export function portOf(value: string): number {
  const port = /^[1-9]\d{0,4}$/.test(value) ? Number(value) : 0;
  if (port >= 1 && port <= 65535) return port;
  throw new SyntaxError(`'${value}' is no port; write a number from 1 to 65535`);
}

/** The size of a packet in bytes, 84 (a ping) to 65535. Throws with words for the person. */
function sizeOf(value: string): number {
  const size = /^[1-9]\d{0,4}$/.test(value) ? Number(value) : 0;
  if (size >= 84 && size <= 65535) return size;
  throw new SyntaxError(`'${value}' is no size of a packet; write a number from 84 to 65535`);
}

/** `--proto`, `--port` and `--size`. */
export const serviceFlags = {
  proto: oneOf(['icmp', 'tcp', 'udp'], 'PROTO', 'What is asked for'),
  port: {
    kind: 'parsed',
    parse: portOf,
    brief: 'Port for tcp and udp; tcp when no --proto is given',
    placeholder: 'N',
    optional: true,
  },
  size: {
    kind: 'parsed',
    parse: sizeOf,
    brief: 'Bytes of a packet that may not be cut, such as 1500',
    placeholder: 'BYTES',
    optional: true,
  },
} as const;

/** Values of `serviceFlags`. */
export interface ServiceFlags {
  readonly proto?: 'icmp' | 'tcp' | 'udp';
  readonly port?: number;
  readonly size?: number;
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
