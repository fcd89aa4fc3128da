import type { RealServer, VirtualMatch, VirtualServer } from '../../model/index.ts';

/** A virtual server while its real servers are read. */
export interface ServiceDraft {
  readonly match: VirtualMatch;
  /** Of its address; by mark it may show only with its real servers. */
  family: VirtualServer['family'];
  scheduler: string;
  persistent: boolean;
  onePacket?: true;
  fallback?: true;
  readonly realServers: RealServer[];
  readonly fact: VirtualServer['fact'];
}

/** The finished virtual servers. */
export const finished = (drafts: readonly ServiceDraft[]): readonly VirtualServer[] => drafts.map((d) => ({ ...d }));
