import type { Change } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import { missingIroute } from '../missing-iroute.ts';
import type { Remedy } from './remedy.ts';

/** The server learns which network lies behind the client that the packet comes from, or should go to. */
export function irouteRemedies(failure: Failure): Remedy[] {
  const missing = missingIroute(failure);
  if (!missing || missing.client === null) return [];
  const { tunnel, client, prefix, unread } = missing;
  const host = tunnel.server.host;
  const change: Change = {
    kind: 'add-iroute',
    host,
    tunnel: tunnel.name,
    commonName: client,
    prefix,
    ...(unread && { unread: { why: unread.why, file: unread.file } }),
  };
  return [{ kind: unread ? 'read-client-file' : 'add-iroute', host, changes: [change] }];
}
