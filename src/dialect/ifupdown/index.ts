export * from './print.ts';
