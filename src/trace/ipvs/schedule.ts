import type { RealServer, VirtualServer } from '../../model/index.ts';
import type { Run } from '../netfilter/run.ts';
import { portOf } from './service.ts';

/** Those that pick by the client's or the server's address find a server without weight too, and then give up. */
const BY_HASH: ReadonlySet<string> = new Set(['sh', 'dh']);

/**
 * Picks a real server; null when there is none. Which one a scheduler would take hangs on all connections before and on
 * hashes: each one that may get it is a branch.
 */
export function schedule(run: Run, service: VirtualServer): { server: RealServer; among: number } | null {
  const living = service.realServers.filter((s) => s.weight > 0);
  const choices =
    BY_HASH.has(service.scheduler) && service.fallback !== true ? [...living, ...stillHashed(service)] : living;
  if (choices.length === 0) return null;
  const what = `one of ${choices.length} real servers`;
  const taken = run.context.choices.choose(choices.length, { what, fact: service.fact, random: true });
  const server = choices[taken]!;
  return server.weight > 0 ? { server, among: choices.length } : null;
}

/** ip_vs_sh_get, ip_vs_dh_get: a client whose hash falls on a quiesced server is refused. */
const stillHashed = (service: VirtualServer): RealServer[] => service.realServers.filter((s) => s.weight === 0);

/** The port at the real server: its own, or the one asked for (ip_vs_schedule, ip_vs_sched_persist). */
export function realPort(service: VirtualServer, server: RealServer, asked: number): number {
  if (server.port === 0) return asked;
  // a persistent service translates only the port it is at: one by mark is at none
  return service.persistent && asked !== portOf(service) ? asked : server.port;
}
