export * from './iproute2/index.ts';
