import { HAPPENINGS, type Happening, type LogLine } from '../source/log-line.ts';
import { attackIn, mayAttack } from './attack-words.ts';
import type { Detector } from './detector.ts';
import { PathPieces } from './path-pieces.ts';

/** Most detectors at work together: each has a bit. */
export const MOST_DETECTORS = 31;

/** Names of programs that are remembered: most visitors have one of a few. */
const REMEMBERED = 4096;

/** Longest name of a program that is looked at. */
const LOOKED_AT = 512;

/** Says which detectors count a line, all at once: a bit for each. */
export class LineMatcher {
  readonly #byHappening: Readonly<Record<Happening, number>>;
  readonly #byStatus = new Int32Array(1000);
  readonly #byMethod = new Map<string, number>();
  readonly #anyMethod: number;
  readonly #anyPath: number;
  readonly #paths: PathPieces;
  readonly #attacks: number;
  readonly #proxying: number;
  readonly #anyAgent: number;
  readonly #agents: readonly { readonly word: string; readonly bits: number }[];
  readonly #agentSeen = new Map<string, number>();

  constructor(detectors: readonly Detector[]) {
    const bits = (wanted: (detector: Detector) => boolean): number =>
      detectors.reduce((sum, d, i) => (wanted(d) ? sum | (1 << i) : sum), 0);
    this.#byHappening = Object.fromEntries(
      HAPPENINGS.map((h) => [h, bits((d) => d.counts.happenings.includes(h))]),
    ) as Record<Happening, number>;
    for (let status = 0; status < 1000; status++)
      this.#byStatus[status] = bits((d) => d.counts.statuses?.includes(status) ?? true);
    this.#anyMethod = bits((d) => d.counts.methods === undefined);
    for (const method of new Set(detectors.flatMap((d) => d.counts.methods ?? [])))
      this.#byMethod.set(
        method,
        bits((d) => d.counts.methods?.includes(method) ?? true),
      );
    this.#anyPath = bits((d) => d.counts.paths === undefined);
    const paths = new Set(detectors.flatMap((d) => d.counts.paths ?? []));
    this.#paths = new PathPieces(
      new Map([...paths].map((p) => [p, bits((d) => d.counts.paths?.includes(p) ?? false)])),
    );
    this.#attacks = bits((d) => d.counts.attacks === true);
    this.#proxying = bits((d) => d.counts.proxying === true);
    this.#anyAgent = bits((d) => d.counts.agents === undefined);
    const words = new Set(detectors.flatMap((d) => d.counts.agents ?? []));
    this.#agents = [...words].map((word) => ({ word, bits: bits((d) => d.counts.agents?.includes(word) ?? false) }));
  }

  /** The detectors that count this line. */
  match(line: LogLine): number {
    let bits = this.#byHappening[line.happening] & this.#byStatus[line.status]!;
    if (bits === 0) return 0;
    if (line.methodTo > line.methodFrom)
      bits &= this.#byMethod.size === 0 ? -1 : (this.#methodOf(line) ?? this.#anyMethod);
    else bits &= this.#anyMethod;
    if ((bits & ~this.#anyPath) !== 0)
      bits &= this.#anyPath | this.#paths.find(line.fields, line.pathFrom, line.pathTo);
    if ((bits & this.#attacks) !== 0 && !isAttack(line)) bits &= ~this.#attacks;
    if ((bits & this.#proxying) !== 0 && !isProxying(line)) bits &= ~this.#proxying;
    if ((bits & ~this.#anyAgent) !== 0) bits &= this.#anyAgent | this.#agentOf(line);
    return bits;
  }

  #methodOf({ fields, methodFrom, methodTo }: LogLine): number | undefined {
    return this.#byMethod.get(fields.slice(methodFrom, methodTo));
  }

  #agentOf({ fields, agentFrom, agentTo }: LogLine): number {
    const agent = fields.slice(agentFrom, Math.min(agentTo, agentFrom + LOOKED_AT));
    const seen = this.#agentSeen.get(agent);
    if (seen !== undefined) return seen;
    const lower = agent.toLowerCase();
    const bits = this.#agents.reduce((sum, a) => (lower.includes(a.word) ? sum | a.bits : sum), 0);
    if (this.#agentSeen.size >= REMEMBERED) this.#agentSeen.clear();
    this.#agentSeen.set(Buffer.from(agent, 'latin1').toString('latin1'), bits);
    return bits;
  }
}

const isAttack = ({ fields, pathFrom, pathTo }: LogLine): boolean =>
  mayAttack(fields, pathFrom, pathTo) && attackIn(fields.slice(pathFrom, pathTo)) !== null;

/** RFC 9112 §3.2: absolute-form and authority-form. */
function isProxying({ fields, methodFrom, methodTo, pathFrom, pathTo }: LogLine): boolean {
  if (pathTo === pathFrom || fields.charCodeAt(pathFrom) === 47) return false;
  return (
    fields.slice(methodFrom, methodTo) === 'CONNECT' ||
    /^[a-z][a-z0-9+.-]{0,19}:\/\//i.test(fields.slice(pathFrom, Math.min(pathTo, pathFrom + 24)))
  );
}
