import { BLOG_CHECKS } from './blog-checks.ts';
import type { Check } from './check.ts';

/** All that is checked in one run of the virtual machine, in this order. */
export const VM_CHECKS: readonly Check[] = [...BLOG_CHECKS];
