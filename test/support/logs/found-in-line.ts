import type { LogFormat } from '../../../src/guard/source/log-format.ts';
import { LogLine } from '../../../src/guard/source/log-line.ts';

/** What a format finds; null when it does not read the line. */
export function foundInLine(format: LogFormat, text: string): Readonly<Record<string, string | number>> | null {
  const line = new LogLine();
  line.take(text);
  if (!format.read(line)) return null;
  const cut = (from: number, to: number): string => line.fields.slice(from, to);
  return {
    address: cut(line.addressFrom, line.addressTo),
    time: new Date(line.time).toISOString(),
    happening: line.happening,
    method: cut(line.methodFrom, line.methodTo),
    path: cut(line.pathFrom, line.pathTo),
    agent: cut(line.agentFrom, line.agentTo),
    user: cut(line.userFrom, line.userTo),
    status: line.status,
  };
}
