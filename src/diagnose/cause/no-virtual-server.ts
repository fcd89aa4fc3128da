import { missedVirtualServer } from '../missed-virtual-server.ts';
import type { CauseTest } from './cause-test.ts';

/** The packet has a mark for a virtual server, and no virtual server takes it. */
export const noVirtualServer: CauseTest = ({ network, trip }) => missedVirtualServer(network, trip)?.named ?? null;
