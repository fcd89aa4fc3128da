export * from './fake-machine.ts';
export * from './linux-machine.ts';
export * from './machine.ts';
export * from './page-listener.ts';
export { certificateFault } from './page-listener-certificates.ts';
export * from './page-listener-types.ts';
export * from './probe-http.ts';
