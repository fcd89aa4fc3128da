export { parseIptablesSave } from './parse.ts';
export { formatIptablesRule, iptablesArguments, iptablesCommands, ruleNumber, type RuleCommands } from './print.ts';
