import type { Fact } from '../../ip/index.ts';
import type { HookResult } from '../hook-context.ts';
import { record, type Run } from '../netfilter/run.ts';

/** Something that IPVS does and that is not modelled: what becomes of the packet is not known. */
export function notModelled(run: Run, { what, fact }: { readonly what: string; readonly fact: Fact }): HookResult {
  const { packet, tracked } = run;
  record(run, 'ipvs', { kind: 'uncertain', what, taken: 'not known' }, [fact]);
  return { kind: 'ended', outcome: 'unknown', icmp: null, packet, tracked };
}
