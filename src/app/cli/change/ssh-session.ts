import { parseSshConnection } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { parseAddress, unmapped } from '../../../ip/index.ts';
import type { SshSession } from './dangers.ts';

/** Processes above ours that are looked at: sudo(8) keeps SSH_CONNECTION from us, but not from them. */
const DEPTH = 12;

/** The SSH session that we are called from, or null. */
export async function sshSession(machine: Machine): Promise<SshSession | null> {
  const own = read(machine.environment('SSH_CONNECTION') ?? '');
  let pid = 'self';
  for (let i = 0; !own && i < DEPTH; i++) {
    const environment = await machine.readFile(`/proc/${pid}/environ`);
    const said = environment.ok ? /(?:^|\0)SSH_CONNECTION=([^\0]*)/.exec(environment.value)?.[1] : undefined;
    if (said !== undefined) return read(said);
    const status = await machine.readFile(`/proc/${pid}/status`);
    const parent = status.ok ? /^PPid:\s*(\d+)$/m.exec(status.value)?.[1] : undefined;
    if (parent === undefined || parent === '0' || parent === '1') return null;
    pid = parent;
  }
  return own;
}

/** `CLIENT PORT SERVER PORT` (ssh(1), SSH_CONNECTION). */
function read(text: string): SshSession | null {
  const client = parseSshConnection(text);
  const server = parseAddress((text.trim().split(/\s+/)[2] ?? '').replace(/%.*$/, ''));
  if (!client || !server.ok) return null;
  const own = unmapped(server.value);
  return own.family === client.family ? { client, server: own } : null;
}
