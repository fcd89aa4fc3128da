export { powershellRoutes } from './powershell.ts';
export { windowsRoutes } from './route.ts';
