export { parseIptablesSave } from './parse.ts';
export { formatIptablesRule, iptablesArguments, iptablesCommands, ruleNumber, type RuleCommands } from './print.ts';
export { isUfwChain, ufwCommands } from './ufw.ts';
