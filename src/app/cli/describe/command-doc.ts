import {
  generateHelpTextForAllCommands,
  type Application,
  type Command,
  type CommandContext,
  type RouteMap,
} from '@stricli/core';
import type { Cli } from '../context.ts';

/** What may stand as a value: one of some words, several with commas between, a file or folder, a host of the network. */
export type ValueDoc =
  | { readonly kind: 'words' | 'list'; readonly words: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'host' | 'any' };

/** A flag of a command. */
export interface FlagDoc {
  /** As it is typed, the short name first: `-n`, `--network`. */
  readonly names: readonly string[];
  readonly brief: string;
  /** Undefined when the flag takes no value. */
  readonly value: (ValueDoc & { readonly placeholder: string }) | undefined;
}

/** An argument that is no flag. */
export interface ArgumentDoc {
  readonly placeholder: string;
  readonly brief: string;
  readonly value: ValueDoc;
  readonly many: boolean;
}

/** A command, or the commands below a word, as its help tells it. */
export interface CommandDoc {
  /** The words that lead to it, without `waymark`; none for the whole. */
  readonly path: readonly string[];
  readonly brief: string;
  readonly description: string;
  /** Ways to call it, each a whole line; none where there are commands below. */
  readonly usages: readonly string[];
  readonly flags: readonly FlagDoc[];
  readonly arguments: readonly ArgumentDoc[];
  readonly commands: readonly CommandDoc[];
}

type Target = Command<Cli> | RouteMap<Cli>;
type Parameters = Command<Cli>['parameters'];
type Flag = NonNullable<Parameters['flags']>[string];
interface Proposing {
  readonly placeholder?: string;
  // what `offering` and `oneOf` of flags.ts set
  readonly proposeCompletions?: unknown;
}

/** Everything that `--help` says of the program, as data. Hidden commands are left out. */
export async function describeCommands(application: Application<Cli>): Promise<CommandDoc> {
  // nothing of the application is run for its help
  const helps = new Map(generateHelpTextForAllCommands(application as unknown as Application<CommandContext>));
  const global = (isRoot: boolean): readonly FlagDoc[] =>
    Object.entries(application.integrations).flatMap(([name, { flag }]) =>
      flag && (isRoot || flag.global) ? [flagDoc(name, flag.brief, flag.aliases ?? [], undefined)] : [],
    );
  const read = async (target: Target, path: readonly string[]): Promise<CommandDoc> => {
    const entries = 'getAllEntries' in target ? target.getAllEntries().filter((e) => !e.hidden) : [];
    const own = commandOf(target)?.parameters;
    return {
      path,
      brief: target.brief,
      description: target.fullDescription ?? target.brief,
      usages: usagesOf(helps.get(['waymark', ...path].join(' ')) ?? ''),
      flags: [...(own ? await flagsOf(own) : []), ...global(path.length === 0)],
      arguments: own ? await argumentsOf(own) : [],
      commands: await Promise.all(entries.map((e) => read(e.target, [...path, e.name['convert-camel-to-kebab']]))),
    };
  };
  return read(application.root, []);
}

/** The command and all below it, each before those below it. */
export const allCommands = (doc: CommandDoc): readonly CommandDoc[] => [doc, ...doc.commands.flatMap(allCommands)];

/** The command that a target runs; for a word with commands below, the one that runs without another word. */
const commandOf = (target: Target): Command<Cli> | undefined =>
  'getDefaultCommand' in target ? target.getDefaultCommand() : target;

/** The lines below USAGE in a help text, without that of `--help`. */
const usagesOf = (help: string): readonly string[] =>
  (/^USAGE\n((?: {2}.*\n)*)/.exec(help)?.[1] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.endsWith(' --help'));

function flagDoc(name: string, brief: string, aliases: readonly string[], value: FlagDoc['value']): FlagDoc {
  const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { names: [...aliases.map((a) => `-${a}`), `--${kebab}`], brief, value };
}

function flagsOf({ flags = {}, aliases = {} }: Parameters): Promise<readonly FlagDoc[]> {
  return Promise.all(
    Object.entries(flags)
      .filter(([, flag]) => !('hidden' in flag && flag.hidden))
      .map(async ([name, flag]: [string, Flag]) => {
        const short = Object.entries(aliases).flatMap(([letter, of]) => (of === name ? [letter] : []));
        const takes = flag.kind !== 'boolean' && flag.kind !== 'counter';
        const placeholder = flag.placeholder ?? 'VALUE';
        const value = takes ? { ...(await valueDoc(flag)), placeholder } : undefined;
        return flagDoc(name, flag.brief, short, value);
      }),
  );
}

function argumentsOf({ positional }: Parameters): Promise<readonly ArgumentDoc[]> {
  if (!positional) return Promise.resolve([]);
  const many = positional.kind === 'array';
  const all = positional.kind === 'array' ? [positional.parameter] : positional.parameters;
  return Promise.all(
    all.map(async (p) => ({ placeholder: p.placeholder ?? 'ARG', brief: p.brief, many, value: await valueDoc(p) })),
  );
}

/** What placeholders stand for, where it is no word of a list. */
const KINDS: Readonly<Record<string, 'file' | 'folder' | 'host'>> = {
  FILE: 'file',
  NETWORK: 'file',
  LOG: 'file',
  'TEXT|FILE': 'file',
  DIR: 'folder',
  FROM: 'host',
  TO: 'host',
  H: 'host',
  HOST: 'host',
};

async function valueDoc(parameter: Proposing): Promise<ValueDoc> {
  const { placeholder = '', proposeCompletions } = parameter;
  if (typeof proposeCompletions === 'function') {
    const words = (await proposeCompletions.call(undefined, '')) as readonly string[];
    return { kind: placeholder === 'NAMES' ? 'list' : 'words', words };
  }
  return { kind: KINDS[placeholder] ?? 'any' };
}
