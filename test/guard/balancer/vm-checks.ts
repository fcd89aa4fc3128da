import { BLOG_CHECKS } from './blog-checks.ts';
import type { Check } from './check.ts';
import { engineChecks, guardedChecks } from './guarded-checks.ts';
import { DIRECT_CHECKS } from './direct-checks.ts';
import { SYSTEMD_KEEPALIVED_CHECKS } from './systemd-checks.ts';
import { STOPPED_CHECKS } from './stopped-checks.ts';
import { KEEPALIVED_CHECKS, keepalivedWay } from './ways.ts';

/** All that is checked in one run of the virtual machine, in this order. */
export const VM_CHECKS: readonly Check[] = [
  ...BLOG_CHECKS,
  ...engineChecks(keepalivedWay('iptables')),
  ...guardedChecks(keepalivedWay('nft')),
  ...KEEPALIVED_CHECKS,
  ...STOPPED_CHECKS,
  ...DIRECT_CHECKS,
  ...SYSTEMD_KEEPALIVED_CHECKS,
];
