import { type Diagnostic, type Parsed } from '../../ip/index.ts';
import { interfaceKey, type Route, type Setting } from '../../model/index.ts';
import { leadsElsewhere } from '../leads-elsewhere.ts';
import { piecesOf, type PieceStart } from '../pieces.ts';
import { factOf, linesOf } from '../route-lines.ts';
import type { FactsLanguage, SystemFacts } from '../system-facts.ts';
import { parseRoutePrint } from './parse-route-print.ts';
import { powershellRoutes } from './powershell.ts';
import { readIpconfig } from './ipconfig.ts';
import { readNetIpAddress } from './net-ip-address.ts';
import { WindowsInterfaces } from './windows-interfaces.ts';

type Kind = 'other' | 'ipconfig' | 'print' | 'route' | 'address' | 'interface' | 'prompt';

const STARTS: readonly PieceStart<Kind>[] = [
  ['prompt', /^(PS )?[A-Za-z]:\\[^>]*>/],
  ['ipconfig', /^Windows.*\bIP\b|^Windows-IP|^\S.*\bIP\b.*\bWindows\s*$/],
  ['route', /^\s*ifIndex\s+DestinationPrefix\s/i],
  ['address', /^\s*ifIndex\s+IPAddress\s|^\s*IPAddress\s+:/i],
  ['interface', /^\s*ifIndex\s+InterfaceAlias\s.*\bForwarding\b/i],
  ['print', /^={10,}\s*$/],
];

const IPCONFIG = /^\s+\S.*(?:\. ?){3,}: /m;
/** A row of `route print`: destination, mask, gateway, interface, metric. */
const PRINTED = /^\s*(\d{1,3}\.){3}\d{1,3}\s+(\d{1,3}\.){3}\d{1,3}\s+\S+(\s\S+)?\s+(\d{1,3}\.){3}\d{1,3}\s+\d+\s*$/m;

/** `route print`, `ipconfig /all`, `Get-NetRoute`, `Get-NetIPAddress`, forwarding in `Get-NetIPInterface`, of Windows. */
export const windowsFacts: FactsLanguage = {
  title: 'output of route print, ipconfig or Get-NetRoute',
  commands: 'route print and ipconfig /all',
  recognise: (text) =>
    PRINTED.test(text) || IPCONFIG.test(text) || /^\s*ifIndex\s+(DestinationPrefix|IPAddress)\s|^\s*IPAddress\s+: /im.test(text) ? 'yes' : 'no', // prettier-ignore
  parse: parseWindowsFacts,
};

function parseWindowsFacts(text: string, source: string): Parsed<SystemFacts> {
  const piece = piecesOf(text, STARTS, PRINTED.test(text) ? 'print' : IPCONFIG.test(text) ? 'ipconfig' : 'other');
  const interfaces = new WindowsInterfaces();
  const diagnostics: Diagnostic[] = [];
  const settings = new Map<string, Setting>();
  diagnostics.push(...readIpconfig(piece('ipconfig'), source, interfaces, settings));
  diagnostics.push(...readNetIpAddress(piece('address'), source, interfaces));
  readForwarding(piece('interface'), source, interfaces, settings);
  const printed = parseRoutePrint(piece('print'), source);
  const got = powershellRoutes.parse(piece('route'), source);
  diagnostics.push(...printed.diagnostics, ...got.diagnostics);
  const active = printed.value.filter((r) => leadsElsewhere(r) && isActive(r, diagnostics));
  interfaces.learn(active);
  const listed = got.value.filter(leadsElsewhere);
  const routes = [...active.map((r) => fromPrint(r, interfaces)), ...listed.map((r) => fromNetRoute(r, interfaces))];
  const value: SystemFacts = {
    system: 'windows',
    routes,
    interfaces: interfaces.finish(),
    table: active.length + got.value.length > 0 ? 'whole' : 'none',
    settings,
  };
  return { value, diagnostics };
}

const wordsOf = (route: Route): readonly string[] => route.fact.text.split(/\s+/);

/** Persistent routes that are in use stand among the active ones; the others have a column less. */
function isActive(route: Route, diagnostics: Diagnostic[]): boolean {
  if (route.prefix.address.family === 6 || wordsOf(route).length > 4) return true;
  const { source, line, text } = route.fact;
  const span = { source, line, column: 1, length: Math.max(1, text.length), text };
  diagnostics.push({ code: 'line-limited', severity: 'warning', message: 'this route is kept, but not in use: left out', span }); // prettier-ignore
  return false;
}

/** IPv4 rows name an interface by its address, IPv6 rows by its number. */
function fromPrint(route: Route, interfaces: WindowsInterfaces): Route {
  const column = route.prefix.address.family === 6 ? route.nexthops[0]?.dev : wordsOf(route).at(-2);
  return withDevice(route, column === undefined ? undefined : interfaces.named(column, route.fact));
}

/** What counts in Windows is the route's metric and the interface's together. */
function fromNetRoute(route: Route, interfaces: WindowsInterfaces): Route {
  const [index = '', , , own, added] = wordsOf(route);
  const sum = Number(own) + (Number(added) || 0);
  const metric = Number.isFinite(sum) ? sum : route.metric;
  return withDevice({ ...route, metric }, interfaces.named(index, route.fact));
}

const withDevice = (route: Route, dev: string | undefined): Route =>
  dev === undefined ? route : { ...route, nexthops: route.nexthops.map((hop) => ({ ...hop, dev })) };

/** `12  Ethernet  IPv4  Enabled`, of `Get-NetIPInterface | ft ifIndex,InterfaceAlias,AddressFamily,Forwarding`. */
function readForwarding(
  text: string,
  source: string,
  interfaces: WindowsInterfaces,
  settings: Map<string, Setting>,
): void {
  for (const line of linesOf(text, source)) {
    const [, index, family, state] = /^\s*(\d+)\s.*\bIPv([46])\s.*\b(Enabled|Disabled)\b/i.exec(line.text) ?? [];
    if (index === undefined) continue;
    const dev = interfaces.named(index, factOf(line));
    const value = state!.toLowerCase() === 'enabled' ? '1' : '0';
    if (family === '4') settings.set(interfaceKey(4, dev, 'forwarding'), { value, fact: factOf(line) });
    else if (value === '1') settings.set(interfaceKey(6, 'all', 'forwarding'), { value, fact: factOf(line) });
  }
}
