export * from './parse.ts';
export * from './print.ts';
export * from './setting-key.ts';
