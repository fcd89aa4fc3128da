import type { Statement } from '../../../model/index.ts';

/** A target whose effect is not known. */
export const unmodelledTarget = (text: string): Statement => ({ kind: 'unmodelled-target', text });

/** The same for one option of a target, given as the target's name and the option. */
export const targetOption = (text: string): Statement => unmodelledTarget(`-j ${text}`);
