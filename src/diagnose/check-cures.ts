import { applyChanges, type Change, type Network } from '../model/index.ts';
import { roundTrip, type Question } from '../trace/index.ts';
import { checkQuestion, MAX_CHECKS, type Emptied } from './emptied.ts';
import { searchCures, type Cure } from './search.ts';

/**
 * What lets a check pass that fails on its way: Keepalived then puts the real server back by itself, and the visitor is
 * answered. None where every check gets there by what is known: then the program at its end is to be asked.
 */
export function checkCures(network: Network, question: Question, emptied: Emptied): readonly Cure[] {
  const { host, configured } = emptied;
  return configured.realServers.slice(0, MAX_CHECKS).flatMap((real) => {
    const check = checkQuestion(emptied, real, question);
    const back: Change = { kind: 'set-virtual-server', host, server: { ...configured, realServers: [real] } };
    return searchCures(network, check).flatMap((cure): Cure[] => {
      const remedies = [...cure.remedies, { kind: 'real-server-back' as const, host, changes: [back] }];
      const changes = [...cure.changes, back];
      const changed = applyChanges(network, changes);
      const trip = roundTrip(changed, question);
      if (trip.verdict === 'answered') return [{ remedies, changes, network: changed, trip }];
      // the visitor's own packets may still be lost on the way that the check takes
      const rest = searchCures(changed, question)[0];
      if (!rest) return [];
      return [{ ...rest, remedies: [...remedies, ...rest.remedies], changes: [...changes, ...rest.changes] }];
    });
  });
}
