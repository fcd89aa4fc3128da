export { parseIpvsadmSave } from './parse.ts';
export { parseProcIpVs } from './parse-proc.ts';
