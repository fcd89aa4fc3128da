import { failure, success, type Result } from '../../../ip/index.ts';
import type { Machine } from '../../../host/index.ts';
import { mapLine } from './haproxy-text.ts';
import type { Listed } from './proxy-list.ts';

/** Bytes of lines in one command: HAProxy takes one buffer, `tune.bufsize`, 16 KiB when not said. */
const SLICE = 12_000;

/** Commands in one line, which also has to fit the buffer. */
const TOGETHER = 50;

const TIME_LIMIT_MS = 10_000;

/**
 * Speaks to the HAProxy that runs, over its stats socket with level admin (HAProxy management guide, section 9.3). Every
 * verb fails with `file-missing` when nobody listens there, `rules-differ` when it does not use the map, `command-failed`.
 */
export class HaproxySocket {
  readonly #machine: Machine;
  readonly #path: string;

  constructor(machine: Machine, path: string) {
    this.#machine = machine;
    this.#path = path;
  }

  /** The number of the process that answers: another one after a reload. */
  async pid(): Promise<Result<string>> {
    const said = await this.#ask('show info');
    return said.ok ? success(/^Pid: (\d+)/m.exec(said.value)?.[1] ?? '') : said;
  }

  /** Puts a prefix into a map; `isThere` says whether it has one. */
  put(map: string, one: Listed, isThere: boolean): Promise<Result<null>> {
    return this.#tell(`${isThere ? 'set' : 'add'} map ${map} ${mapLine(one)}`);
  }

  /** Takes prefixes out of a map; those that it does not have are no fault. */
  async take(map: string, prefixes: readonly string[]): Promise<Result<null>> {
    for (let i = 0; i < prefixes.length; i += TOGETHER) {
      const commands = prefixes.slice(i, i + TOGETHER).map((prefix) => `del map ${map} ${prefix}`);
      const gone = await this.#tell(commands.join(';'));
      if (!gone.ok) return gone;
    }
    return success(null);
  }

  /** Makes a map hold these and nothing else, at once. */
  async replace(map: string, listed: Iterable<Listed>): Promise<Result<null>> {
    const prepared = await this.#ask(`prepare map ${map}`);
    if (!prepared.ok) return prepared;
    const version = /^New version created: (\d+)/.exec(prepared.value)?.[1];
    if (version === undefined) return refused(map, prepared.value);
    for (const lines of slices(listed)) {
      const added = await this.#tell(`add map @${version} ${map} <<\n${lines}`);
      if (!added.ok) return added;
    }
    return this.#tell(`commit map @${version} ${map}`);
  }

  /** A command that says nothing when it is done. */
  async #tell(command: string): Promise<Result<null>> {
    const said = await this.#ask(command);
    if (!said.ok) return said;
    // it may have started meanwhile from a file that has them no more
    const words = said.value.replace(/^.*not found.*$/gim, '').trim();
    return words === '' ? success(null) : refused(command.split('\n')[0]!.slice(0, 200), words);
  }

  #ask(command: string): Promise<Result<string>> {
    return this.#machine.query(this.#path, `${command}\n`, TIME_LIMIT_MS);
  }
}

function refused<T>(what: string, said: string): Result<T> {
  const words = said.trim().split('\n')[0]!;
  if (/unknown map/i.test(words))
    return failure('rules-differ', `HAProxy does not use the map: ${what}`, 'put the lines of waymark.cfg in place');
  if (/permission denied/i.test(words))
    return failure('command-failed', 'the socket of HAProxy takes no changes', "its line needs 'level admin'");
  return failure('command-failed', `HAProxy refused '${what}': ${words}`);
}

function* slices(listed: Iterable<Listed>): Generator<string> {
  let lines = '';
  for (const one of listed) {
    lines += `${mapLine(one)}\n`;
    if (lines.length < SLICE) continue;
    yield lines;
    lines = '';
  }
  if (lines !== '') yield lines;
}
