const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Seconds that a time as Go writes it stands for, such as `3h59m49.26s` or `-5m`; null when it is none. */
export function parseGoDuration(text: string): number | null {
  if (text.length > 64 || !/^[+-]?(0|(\d+(\.\d*)?(ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return null;
  let seconds = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d*)?)([a-zµμ]+)/g))
    seconds += Number(number) * SECONDS[unit!]!;
  return text.startsWith('-') ? -seconds : seconds;
}
