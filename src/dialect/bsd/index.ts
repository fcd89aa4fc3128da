export { macosRoutes } from './macos.ts';
