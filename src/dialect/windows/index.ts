export { powershellRoutes } from './powershell.ts';
export { windowsRoutes } from './route.ts';
export { windowsCommands } from './system-commands.ts';
export { windowsFacts } from './facts.ts';
