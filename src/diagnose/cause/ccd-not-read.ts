import { formatPrefix } from '../../ip/index.ts';
import { missingIroute, type UnreadIroute } from '../missing-iroute.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** The iroute is written down, in a client file that OpenVPN's server does not read for that client. */
export const ccdNotRead: CauseTest = (failure) => {
  const missing = missingIroute(failure);
  if (!missing?.unread || missing.client === null) return null;
  const { unread, client } = missing;
  return {
    host: missing.tunnel.server.host,
    evidence: [...missing.because, unread.fact, needed(wanted(unread, client))],
    params: { network: formatPrefix(unread.prefix), client, what: unread.file, way: unread.why },
  };
};

function wanted({ why, file }: UnreadIroute, client: string): string {
  if (why === 'other-name') return `the file ${file} named ${client}`;
  if (why === 'no-directory') return 'client-config-dir, the folder of that file, in the configuration';
  return `the file ${file} in the client-config-dir, readable for OpenVPN, when ${client} connects`;
}
