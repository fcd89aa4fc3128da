import type { Family } from '../../ip/index.ts';
import type { SystemCommands } from '../system-commands.ts';

/**
 * Windows. `route -p ADD` refuses a route that is there, so it goes before it comes to stay; PowerShell keeps what it is told.
 */
export const windowsCommands: SystemCommands = {
  addRoute: ({ add, remove }) => {
    const lasts = add.some((line) => line.startsWith('New-NetRoute'));
    const kept = [...remove, ...add.map((line) => line.replace('route ', 'route -p '))];
    return { apply: add, persist: lasts ? ['# New-NetRoute keeps it'] : kept, undo: remove };
  },
  removeRoute: ({ add, remove }) => ({ apply: remove, persist: ['# that takes it away for good'], undo: add }),
  forwarding: (family, on) => ({
    apply: [netInterface(family, on)],
    persist: [registry(family, on)],
    undo: [netInterface(family, !on), registry(family, !on)],
  }),
};

const netInterface = (family: Family, on: boolean): string =>
  `Set-NetIPInterface -AddressFamily IPv${family} -Forwarding ${on ? 'Enabled' : 'Disabled'}`;

const registry = (family: Family, on: boolean): string =>
  family === 4
    ? `reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters /v IPEnableRouter /t REG_DWORD /d ${on ? 1 : 0} /f`
    : `# Set-NetIPInterface keeps it`;
