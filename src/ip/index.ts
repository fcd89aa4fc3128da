export * from './address.ts';
export * from './diagnostic.ts';
export * from './diagnostic-code.ts';
export * from './fact.ts';
export * from './prefix.ts';
export * from './prefix-table.ts';
export * from './range.ts';
export * from './scope.ts';
