export * from './decide/decision.ts';
export * from './page/visit.ts';
