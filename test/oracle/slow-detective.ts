import type { Detector } from '../../src/guard/index.ts';

/** A request of an access log, as a plain reading gives it. */
interface Asked {
  readonly address: string;
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly agent: string;
}

/** Who is blocked by which detector, at which line, until when. */
export interface SlowVerdict {
  readonly line: number;
  readonly target: string;
  readonly detector: string;
  readonly until: number;
  readonly time: number;
}

const COMBINED =
  /^(\S+) - .*? \[(\d+)\/(\w+)\/(\d+):([\d:]+) ([+-]\d{4})\] "(.*?)(?<!\\)" (\d{3}) \S+ ".*?(?<!\\)" "(.*?)"$/s;

function read(line: string): Asked | null {
  const m = COMBINED.exec(line);
  if (!m) return null;
  const time = Date.parse(`${m[2]!} ${m[3]!} ${m[4]!} ${m[5]!} ${m[6]!}`);
  const request = /^([A-Z]+) (.*?)( HTTP\/\S*)?$/s.exec(m[7]!);
  return {
    address: m[1]!,
    time,
    method: request?.[1] ?? '',
    path: request?.[2] ?? '',
    status: Number(m[8]),
    agent: m[9]!,
  };
}

/** IPv4 addresses, and IPv6 ones whose first four groups are written out. */
function prefixFor(address: string, per: 'visitor' | 'network'): string {
  if (address.includes(':')) return `${address.split(':').slice(0, 4).join(':')}::/64`;
  return per === 'visitor' ? `${address}/32` : address.replace(/\d+$/, '0/24');
}

const unescaped = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, h: string) => String.fromCharCode(parseInt(h, 16)));

function matches({ counts }: Detector, asked: Asked, attackIn: (path: string) => string | null): boolean {
  if (!counts.happenings.includes('request')) return false;
  if (counts.statuses && !counts.statuses.includes(asked.status)) return false;
  if (counts.methods && !counts.methods.includes(asked.method)) return false;
  const path = `${unescaped(asked.path)
    .toLowerCase()
    .replace(/[?#].*/s, '')}/`;
  if (counts.paths && !counts.paths.some((p) => path.startsWith(`${p}/`) || path.includes(`/${p}/`))) return false;
  if (counts.attacks && attackIn(asked.path) === null) return false;
  if (counts.proxying && asked.method !== 'CONNECT' && !/^[a-z]+:\/\//i.test(asked.path)) return false;
  return !counts.agents || counts.agents.some((a) => asked.agent.toLowerCase().includes(a));
}

interface Counted {
  readonly time: number;
  readonly path: string;
}

/** Decides as `Detective` does, keeps everything and looks at it all again for each line. */
export function slowVerdicts(
  lines: readonly string[],
  detectors: readonly Detector[],
  attackIn: (path: string) => string | null,
): SlowVerdict[] {
  const verdicts: SlowVerdict[] = [];
  const counted = new Map<string, Counted[]>();
  const isHeld = (target: string, time: number): boolean => verdicts.some((v) => v.target === target && v.until > time);
  for (const [number, line] of lines.entries()) {
    const asked = read(line);
    if (!asked) continue;
    if ((['visitor', 'network'] as const).some((per) => isHeld(prefixFor(asked.address, per), asked.time))) continue;
    let isDecided = false;
    for (const detector of detectors) {
      if (!matches(detector, asked, attackIn)) continue;
      const target = prefixFor(asked.address, detector.per);
      const key = `${detector.name} ${target}`;
      const all = [...(counted.get(key) ?? []), { time: asked.time, path: asked.path.replace(/\?.*/s, '') }];
      counted.set(key, all);
      if (!isTooMany(all, detector)) continue;
      counted.set(key, []);
      if (isDecided) continue;
      isDecided = true;
      const before = verdicts.filter((v) => v.target === target).length;
      const { first, factor, longest, warnFirst } = detector.sentence;
      const isTold = verdicts.some((v) => v.target === target && v.until === v.time);
      const count = before - (isTold ? 1 : 0);
      const length = warnFirst && before === 0 ? 0 : Math.min(longest, first * factor ** count);
      verdicts.push({
        line: number,
        target,
        detector: detector.name,
        until: asked.time + length,
        time: asked.time,
      });
    }
  }
  return verdicts;
}

function isTooMany(all: readonly Counted[], { measure, weight = 1 }: Detector): boolean {
  const now = all.at(-1)!.time;
  if (measure.kind === 'bucket') {
    let level = 0;
    let last = all[0]!.time;
    for (const { time } of all) {
      level = Math.max(0, level - ((time - last) * measure.perSecond) / 1000) + weight;
      last = time;
    }
    return level > measure.most;
  }
  const within = all.filter(({ time }) => now - time < measure.windowMs);
  const count = measure.distinct ? new Set(within.map((e) => e.path)).size : within.length * weight;
  return count >= measure.most;
}
