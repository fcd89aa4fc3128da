export { Choices, type ChoicePoint } from './choice.ts';
export { fibLookup, rulesOf, type FlowKey, type LookupResult } from './fib-lookup.ts';
export type { LearntRedirect } from './learnt-redirect.ts';
export * from './outcome.ts';
export * from './packet.ts';
export type { Question } from './question.ts';
export { roundTrip } from './round-trip.ts';
export * from './round-trip-types.ts';
export * from './step.ts';
