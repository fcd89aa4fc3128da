import { formatAddress } from '../ip/index.ts';
import type { Flow, RoundTrip, Sees } from '../trace/index.ts';
import { refusalWords } from './refusal-words.ts';

/** What the C library says for an error of the sender's own machine (errno(3)). */
const LOCAL_ERROR: Readonly<Record<Extract<Sees, { kind: 'local-error' }>['error'], string>> = {
  ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
  EPERM: 'Operation not permitted',
  EMSGSIZE: 'Message too long',
  ENOKEY: 'Required key not available',
  EDESTADDRREQ: 'Destination address required',
};

/** What the person at the sender sees, in a few words: `a timeout`, `Destination Net Unreachable from 10.5.5.1`. */
export function seesWords(flow: Flow, sees: Sees): string {
  switch (sees.kind) {
    case 'reply':
      return `a reply from ${formatAddress(sees.from)}`;
    case 'timeout':
      return 'a timeout';
    case 'hang':
      return 'a connection that opens and then hangs';
    case 'refused': {
      const words = refusalWords(flow, sees.refusal);
      return words === 'Connection refused' ? words : `${words} from ${formatAddress(sees.refusal.from)}`;
    }
    case 'local-error':
      return `${LOCAL_ERROR[sees.error]}, at once`;
    case 'unknown':
      return 'not known';
  }
}

/** What a person asked about: `ping`, `tcp/22`, `udp/53`. */
export const flowName = (flow: Flow): string =>
  flow.protocol === 'icmp' ? 'ping' : `${flow.protocol}/${flow.destinationPort}`;

/** The same as a sentence: `ping times out.`, `tcp/22 says: Connection refused.` */
export function seesSentence(flow: Flow, sees: Sees): string {
  const what = flowName(flow);
  switch (sees.kind) {
    case 'reply':
      return `${what} gets ${seesWords(flow, sees)}.`;
    case 'timeout':
      return `${what} times out.`;
    case 'hang':
      return `${what} opens and then hangs.`;
    case 'refused':
    case 'local-error':
      return `${what} says: ${seesWords(flow, sees)}.`;
    case 'unknown':
      return `what ${what} sees is not known.`;
  }
}

const VERDICT: Readonly<Record<RoundTrip['verdict'], string>> = {
  answered: 'answered',
  'no-answer': 'no answer',
  refused: 'refused',
  unknown: 'unknown',
};

/** How it ended: `no answer. ping times out.` */
export const endSentence = (trip: RoundTrip): string =>
  `${VERDICT[trip.verdict]}. ${seesSentence(trip.flow, trip.sees)}`;

/** The first line of everything: `laptop -> linux-server: no answer. ping times out.` */
export const verdictSentence = (trip: RoundTrip): string => `${trip.from} -> ${trip.to}: ${endSentence(trip)}`;
