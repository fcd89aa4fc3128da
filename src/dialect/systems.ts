import type { System } from '../model/index.ts';
import { freebsdCommands, macosCommands, openbsdCommands } from './bsd/index.ts';
import { pagesCommands } from './router-pages/index.ts';
import type { SystemCommands } from './system-commands.ts';
import { iosCommands, junosCommands, routerosCommands, vyosCommands } from './vendor/index.ts';
import { windowsCommands } from './windows/index.ts';

/** How each system but Linux is told of changes. */
export const SYSTEM_COMMANDS: Readonly<Record<Exclude<System, 'linux'>, SystemCommands>> = {
  macos: macosCommands,
  freebsd: freebsdCommands,
  openbsd: openbsdCommands,
  pfsense: pagesCommands,
  opnsense: pagesCommands,
  windows: windowsCommands,
  ios: iosCommands,
  junos: junosCommands,
  routeros: routerosCommands,
  vyos: vyosCommands,
  edgeos: vyosCommands,
  fritzbox: pagesCommands,
};
