export * from './check.ts';
export * from './claim.ts';
export * from './edits.ts';
export * from './find-claims.ts';
