import { formatAddress, formatPrefix, type Family } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { netmask } from '../netmask.ts';
import type { SystemCommands } from '../system-commands.ts';
import { powershellRoutes } from './powershell.ts';
import { windowsRoutes } from './route.ts';

/**
 * Windows: `route`, which finds the interface by the gateway; PowerShell where only that can say it. `route -p ADD` refuses
 * a route that is there, so it goes before it comes to stay.
 */
export const windowsCommands: SystemCommands = {
  addRoute: (route) => {
    if (isForPowershell(route)) {
      const line = powershellRoutes.print([route]).trimEnd();
      const remove = removeNetRoute(route);
      return { apply: [line], persist: ['# New-NetRoute keeps it'], undo: [remove] };
    }
    const [add, remove] = [windowsRoutes.print([route]).trimEnd(), deletion(route)];
    return { apply: [add], persist: [remove, add.replace('route ', 'route -p ')], undo: [remove] };
  },
  removeRoute: (route) => {
    const remove = isForPowershell(route) ? removeNetRoute(route) : deletion(route);
    const language = isForPowershell(route) ? powershellRoutes : windowsRoutes;
    return { apply: [remove], persist: ['# that takes it away for good'], undo: [language.print([route]).trimEnd()] };
  },
  forwarding: (family, on) => ({
    apply: [netInterface(family, on)],
    persist: [registry(family, on)],
    undo: [netInterface(family, !on), registry(family, !on)],
  }),
};

/** An interface by its name, or the link-local gateway behind one. */
const isForPowershell = ({ nexthops }: Route): boolean => nexthops.some((h) => h.dev !== undefined && !/^\d+$/.test(h.dev)); // prettier-ignore

function deletion({ prefix, nexthops }: Route): string {
  const six = prefix.address.family === 6;
  const target = six ? formatPrefix(prefix) : `${formatAddress(prefix.address)} MASK ${netmask(prefix)}`;
  const via = nexthops[0]?.via;
  return `route ${six ? '-6 ' : ''}DELETE ${target}${via ? ` ${formatAddress(via)}` : ''}`;
}

const removeNetRoute = (route: Route): string =>
  powershellRoutes
    .print([route])
    .trimEnd()
    .replace('New-NetRoute', 'Remove-NetRoute')
    .replace(/ -RouteMetric \d+/, '') + ' -Confirm:$false';

const netInterface = (family: Family, on: boolean): string =>
  `Set-NetIPInterface -AddressFamily IPv${family} -Forwarding ${on ? 'Enabled' : 'Disabled'}`;

const registry = (family: Family, on: boolean): string =>
  family === 4
    ? `reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters /v IPEnableRouter /t REG_DWORD /d ${on ? 1 : 0} /f`
    : `# Set-NetIPInterface keeps it`;
