import type { GuardSettings } from '../../../guard/index.ts';

/** Where the page asks about its visitors. */
export const pageSocket = ({ socket }: GuardSettings): string => `${socket}.page`;
