import type { Family } from '../../ip/index.ts';
import type { WordReader } from './words.ts';

const ADDING = ['add', 'a', 'append', 'prepend', 'replace', 'change', 'chg'];
const TAKING = ['del', 'delete', 'd', 'flush'];
/** `ip` takes any beginning of an object's name. */
const OBJECTS = { route: ['route', 'rout', 'rou', 'ro', 'r'], rule: ['rule', 'rul', 'ru'] } as const;

/**
 * Steps over `[sudo] ip [OPTIONS] OBJECT add` in front of what is typed. Returns the family that `-4` or `-6` asks for.
 * Code `line-not-modelled` for a command that takes away instead of adding.
 */
export function readCommand(reader: WordReader, object: 'route' | 'rule'): Family | undefined {
  const sudo = reader.take('sudo');
  if (!reader.take('ip', '/sbin/ip', '/usr/sbin/ip', '/bin/ip')) {
    if (sudo) reader.note('key-unknown', `after 'sudo' comes 'ip ${object} add'`);
    return undefined;
  }
  const family = readOptions(reader);
  reader.take(...OBJECTS[object]);
  const verb = reader.peek();
  if (verb !== undefined && TAKING.includes(verb)) {
    reader.note(
      'line-not-modelled',
      `this takes a ${object} away`,
      reader.next()!.span,
      `write the ${object}s that are there`,
    );
  } else {
    reader.take(...ADDING);
  }
  return family;
}

function readOptions(reader: WordReader): Family | undefined {
  let family: Family | undefined;
  while (reader.peek()?.startsWith('-')) {
    const option = reader.next()!.text;
    const name = option === '-f' || option === '-family' ? reader.next()?.text : option;
    if (name === '-6' || name === 'inet6') family = 6;
    if (name === '-4' || name === 'inet') family = 4;
  }
  return family;
}
