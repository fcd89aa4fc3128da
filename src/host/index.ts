export * from './fake-machine.ts';
export * from './linux-machine.ts';
export * from './machine.ts';
