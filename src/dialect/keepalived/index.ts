export { parseKeepalivedConf, type KeepalivedInclude } from './parse.ts';
