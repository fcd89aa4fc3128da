import { missedVirtualServer } from '../missed-virtual-server.ts';
import type { CauseTest } from './cause-test.ts';

/** The packet has a mark for a virtual server, and no virtual server takes it. */
export const noVirtualServer: CauseTest = ({ trip }) => missedVirtualServer(trip)?.named ?? null;
