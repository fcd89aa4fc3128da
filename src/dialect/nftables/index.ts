export * from './commands.ts';
export * from './iptables-nft.ts';
export * from './parse.ts';
export { formatNftChain, formatNftRule } from './print.ts';
export { rulesetText } from './print-ruleset.ts';
