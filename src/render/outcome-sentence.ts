import type { Outcome } from '../trace/index.ts';

/** Short words for an outcome, as they stand behind the cross. */
const WORDS: Readonly<Record<Outcome, string>> = {
  delivered: 'arrives',
  'no-route': 'no route',
  'route-unreachable': 'unreachable route',
  'route-prohibited': 'prohibit route',
  'route-blackhole': 'blackhole route',
  'forwarding-off': 'not forwarded',
  'reverse-path': 'source check fails',
  martian: 'impossible address',
  filtered: 'dropped',
  rejected: 'rejected',
  'neighbour-unreachable': 'nobody answers',
  'ttl-expired': 'goes round in circles',
  'too-big': 'too big',
  'interface-down': 'interface down',
  'no-source-address': 'no source address',
  'private-on-internet': 'lost on the internet',
  'fabric-dropped': 'dropped by the cloud',
  'tunnel-no-client': 'no such client',
  'tunnel-no-peer': 'no such peer',
  'tunnel-no-endpoint': 'peer without endpoint',
  'tunnel-bad-source': 'source refused by the tunnel',
  'tunnel-down': 'tunnel down',
  'not-listening': 'nothing listens',
  unknown: 'unknown from here',
};

/** Two or three words for how a trace ended. */
export const outcomeWords = (outcome: Outcome): string => WORDS[outcome];
