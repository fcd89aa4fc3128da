import type { Diagnostic, Span } from '../../../../ip/index.ts';
import { isInProxy } from '../engine-of.ts';
import { faultAt, type Checked } from './asked.ts';

/**
 * Whether the ports are free that the guard listens on, the page's too where it is here, and who else leads the site's ports
 * somewhere. Codes: `port-taken`; `port-contested`, a warning.
 */
export async function checkPorts(asked: Checked, isPageHere: boolean): Promise<readonly Diagnostic[]> {
  // a proxy's requests are led nowhere by rules
  const isLed = isPageHere && !isInProxy(asked.settings);
  return [...(await takenPorts(asked, isPageHere)), ...(isLed ? await contested(asked) : [])];
}

/** `LISTEN 0 511 *:80 *:* users:(("nginx",pid=7,fd=6))`, as ss(8) prints it. */
async function takenPorts(
  { machine, settings, at, isRunning }: Checked,
  isPageHere: boolean,
): Promise<readonly Diagnostic[]> {
  if (isRunning) return [];
  const said = await machine.run(['ss', '-Hltnp']);
  const listening = said.stdout.split('\n').map((line) => {
    const [, , , local = ''] = line.trim().split(/\s+/);
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? [];
    return { address, port: Number(port), by: /\(\("([^"]+)",pid=(\d+)/.exec(line) };
  });
  const { ports, metrics, delivery } = settings;
  const wanted: { port: number; span: Span | undefined; address?: string }[] = isPageHere
    ? ports.map(({ page }, i) => ({ port: page, span: at('ports', i, 'page') }))
    : [];
  if (metrics) wanted.push({ port: metrics.port, span: at('metrics', 'port') });
  if (delivery.ask) wanted.push({ ...delivery.ask, span: at('delivery', 'ask', 'port') });
  return wanted.flatMap(({ port, span, address }) => {
    const other = listening.find((l) => l.port === port && (address === undefined || isAt(l.address, address)));
    if (!other) return [];
    const [, name, pid] = other.by ?? [];
    const who = name === undefined ? 'another program' : `${name} (process ${pid!})`;
    return [faultAt(span, 'port-taken', `${who} listens on port ${port} already`, 'name another port')];
  });
}

/** Whether a socket at `local`, as ss(8) prints it, takes an address that somebody else wants. */
const isAt = (local: string, address: string): boolean =>
  ['*', '0.0.0.0', '[::]', address, `[${address}]`].includes(local.replace(/%[^\]]*/, ''));

/** Rules of others that lead a site's port elsewhere come before ours, or never let the packet get there. */
async function contested({ machine, settings, at }: Checked): Promise<readonly Diagnostic[]> {
  const [nft, iptables, ip6tables] = await Promise.all([
    machine.run(['nft', '-t', 'list', 'ruleset']),
    machine.run(['iptables-save', '-t', 'nat']),
    machine.run(['ip6tables-save', '-t', 'nat']),
  ]);
  const lines = [
    ...othersTables(nft.stdout),
    ...[iptables, ip6tables].flatMap(({ stdout }) =>
      stdout.split('\n').filter((l) => /-j (?:DNAT|REDIRECT)\b/.test(l)),
    ),
  ].filter((line) => !line.includes('WAYMARK') && !line.includes('waymark'));
  return settings.ports.flatMap(({ site }, i) => {
    const rule = lines.find((line) => new RegExp(`dport(?:s)? (?:\\{[^}]*)?\\b${site}\\b`).test(line));
    if (rule === undefined) return [];
    const message = `another rule leads port ${site} elsewhere: ${rule.trim()}`;
    const hint =
      'blocked visitors are redirected before it; look with waymark explain whether the others still get there';
    return [{ ...faultAt(at('ports', i, 'site'), 'port-contested', message, hint), severity: 'warning' }];
  });
}

/** The rules of nft that translate, in tables which nft itself made: those of iptables-nft are iptables' own. */
function othersTables(ruleset: string): readonly string[] {
  const tables = ruleset.split(/^(?=table )/m).filter((t) => !/^table inet waymark\b/.test(t));
  return tables.flatMap((t) =>
    t.split('\n').filter((line) => /\b(?:dnat|redirect)\b/.test(line) && /dport/.test(line)),
  );
}
