export * from './outcome.ts';
export * from './packet.ts';
export * from './round-trip-types.ts';
export * from './step.ts';
