import type { System } from '../model/index.ts';
import { freebsdCommands, macosCommands, openbsdCommands } from './bsd/index.ts';
import { fritzboxCommands, opnsenseCommands, pfsenseCommands } from './router-pages/index.ts';
import type { SystemCommands } from './system-commands.ts';
import { edgeosCommands, iosCommands, junosCommands, routerosCommands, vyosCommands } from './vendor/index.ts';
import { windowsCommands } from './windows/index.ts';

/** How each system but Linux is told of changes. */
export const SYSTEM_COMMANDS: Readonly<Record<Exclude<System, 'linux'>, SystemCommands>> = {
  macos: macosCommands,
  freebsd: freebsdCommands,
  openbsd: openbsdCommands,
  pfsense: pfsenseCommands,
  opnsense: opnsenseCommands,
  windows: windowsCommands,
  ios: iosCommands,
  junos: junosCommands,
  routeros: routerosCommands,
  vyos: vyosCommands,
  edgeos: edgeosCommands,
  fritzbox: fritzboxCommands,
};
