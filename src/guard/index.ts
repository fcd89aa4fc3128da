export * from './decide/decision.ts';
export * from './decide/duration.ts';
export * from './decide/target.ts';
export * from './enforce/engine.ts';
export * from './enforce/iptables-engine.ts';
export * from './enforce/nft-engine.ts';
export * from './page/visit.ts';
