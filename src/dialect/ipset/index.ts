export { dimensionsOf, type KeyPart } from './dimensions.ts';
export { FaultList } from './faults.ts';
export { portNumber, protocolNumber } from './names.ts';
export { parseIpsetSave } from './parse.ts';
