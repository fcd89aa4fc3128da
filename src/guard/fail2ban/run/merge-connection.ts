import type { Connection, Connections } from './connections.ts';

/** What is known of a failure: the groups of the patterns by name. */
export type FailureGroups = Map<string, string>;

/** One line of a connection. */
export interface ConnectionLine {
  readonly id: string;
  readonly groups: FailureGroups;
  readonly lines: readonly string[];
  /** Milliseconds. */
  readonly now: number;
}

/** What a connection's lines say together; null when they are no failure. */
export function mergeConnection(connections: Connections, line: ConnectionLine): Connection | null {
  const { id, groups, lines, now } = line;
  const gained = groups.get('mlfgained');
  if (gained && !groups.get('nofail')) groups.set('nofail', gained);
  const isOver = Boolean(groups.get('mlfforget'));
  groups.delete('mlfforget');
  const before = connections.get(id, now);
  const wasHarmless = before !== null && (before.groups.has('nofail') || before.groups.has('mlfgained'));
  const connection = before ? joined(before, groups, wasHarmless) : fresh(groups);
  if (before && isOver) connections.forget(id);
  if (!before && !isOver) connections.set(id, connection, now);
  // a failure that waits, or a second name, is one whatever this line says
  const isFailure = connection.isPending || connection.users.size > 1;
  connection.isPending = false;
  if (isFailure) for (const name of ['nofail', 'mlfgained']) connection.groups.delete(name);
  const isHarmless = !isFailure && Boolean(groups.get('nofail'));
  if (isHarmless) {
    if (!isOver) connection.harmless = [...connection.harmless, ...lines];
    return null;
  }
  connection.lines = [...connection.harmless, ...connection.lines, ...lines];
  connection.harmless = [];
  return connection;
}

function fresh(groups: FailureGroups): Connection {
  const user = groups.get('user');
  return { groups, users: new Set(user ? [user] : []), lines: [], harmless: [], isPending: false };
}

function joined(before: Connection, groups: FailureGroups, wasHarmless: boolean): Connection {
  const user = groups.get('user');
  if (user) before.users.add(user);
  for (const name of ['nofail', 'mlfgained']) before.groups.delete(name);
  // who got in has nothing left to answer for
  if (groups.get('mlfgained')) before.isPending = false;
  if (!wasHarmless && !before.isPending) before.lines = [];
  for (const [name, value] of groups) before.groups.set(name, value);
  return before;
}
