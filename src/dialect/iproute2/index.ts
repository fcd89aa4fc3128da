export * from './parse-addresses.ts';
export * from './parse-neighbours.ts';
export * from './parse-routes.ts';
export * from './parse-rules.ts';
export * from './print-route.ts';
export * from './print-rule.ts';
export * from './route-words.ts';
export * from './rule-words.ts';
export type { Place } from './words.ts';
