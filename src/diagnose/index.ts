export type { Pair } from '../reach/index.ts';
export { diagnose } from './diagnose.ts';
export * from './finding.ts';
