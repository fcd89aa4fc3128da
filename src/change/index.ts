export * from './apply.ts';
export * from './journal.ts';
export * from './linux-routes.ts';
export * from './macos-routes.ts';
export * from './route-key.ts';
export * from './route-system.ts';
export * from './take-back.ts';
export * from './watchdog.ts';
