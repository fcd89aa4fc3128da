import { dirname, resolve } from 'node:path/posix';
import * as z from 'zod/mini';
import type { Parsed } from '../ip/index.ts';
import type { Path, YamlDocument } from '../dialect/yaml/index.ts';

/** Types of zod by key. */
export type Fields = Readonly<Record<string, z.ZodMiniType>>;

/** What the file says below the keys of a part. */
export type Said<F extends Fields> = z.infer<z.ZodMiniObject<F>>;

/** A part of the settings: keys of its own at the top of the file, and what they come to. */
export interface SettingsPart<F extends Fields, Value> {
  readonly fields: F;
  /** What counts when nothing is said. */
  readonly usual: Value;
  /** What is said, as far as it has the shape of `fields`; what is wrong with its meaning is noted with its place. */
  readonly read: (said: Said<F>, document: YamlDocument) => Parsed<Value>;
}

/** A part, with the types that its fields and its usual values have. */
export const settingsPart = <const F extends Fields, Value>(part: SettingsPart<F, Value>): SettingsPart<F, Value> =>
  part;

/** The type with words that editors show. */
export const said = <T extends z.ZodMiniType>(words: string, type: T): T => type.check(z.describe(words));

/** A file that the settings name: beside the settings file, unless its whole path is said. */
export const fileBeside = (file: string, { source }: YamlDocument): string => resolve(dirname(source), file);

/** The keys that may stand in the map at a path; none where any may. */
export function keysAt(schema: z.ZodMiniType, path: Path): readonly string[] {
  const [step, ...rest] = path;
  const { def } = schema._zod as unknown as { def: Def };
  if (def.innerType) return keysAt(def.innerType, path);
  if (def.options) return def.options.flatMap((option) => keysAt(option, path));
  if (step === undefined) return Object.keys(def.shape ?? {});
  const next = def.element ?? def.shape?.[step];
  return next ? keysAt(next, rest) : [];
}

/** What zod keeps of a type: an object's keys, a list's elements, what is optional, a choice's options. */
interface Def {
  readonly innerType?: z.ZodMiniType;
  readonly options?: readonly z.ZodMiniType[];
  readonly element?: z.ZodMiniType;
  readonly shape?: Readonly<Record<string | number, z.ZodMiniType>>;
}
