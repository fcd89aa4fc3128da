import { dirname, basename } from 'node:path/posix';
import type { Diagnostic } from '../../ip/index.ts';
import type { Machine } from '../../host/index.ts';
import { aliveInIpvs, IPVS_FILE } from './ipvs-alive.ts';
import { keepalivedProcess } from './keepalived-process.ts';
import { INCLUDE_HEAD, includeText, type KeepalivedPages, type KeepalivedSettings } from './keepalived-text.ts';

type Faults = readonly Diagnostic[];

/**
 * Puts the virtual servers of the page where Keepalived includes them: tested alone, swapped in one step, tested with the
 * whole configuration (else the former file is back), and only then Keepalived is told. Nothing is done where the file is as it
 * should be. Codes: `mark-taken`, `output-exists`, `command-failed`, `component-missing`, those of `Machine.writeFile`; warnings
 * `keepalived-not-running`.
 */
export async function installInclude(
  machine: Machine,
  settings: KeepalivedSettings,
  pages: KeepalivedPages,
): Promise<Faults> {
  const text = includeText(settings, pages);
  const faults = pages.servers.length === 0 ? [] : await includeFaults(machine, settings);
  if (faults.length > 0) return faults;
  const former = await machine.readFile(settings.include);
  if (former.ok && !former.value.startsWith(INCLUDE_HEAD)) return pages.servers.length === 0 ? [] : [foreign(settings)];
  if (former.ok && former.value === text)
    return (await isInForce(machine, settings, pages)) ? [] : reload(machine, settings, pages);
  // a name that no `include *.conf` takes up
  const draft = `${dirname(settings.include)}/.${basename(settings.include)}.new`;
  const written = await machine.writeFile(draft, text);
  if (!written.ok) return [{ severity: 'error', ...written }];
  const alone = await refusals(machine, draft);
  if (alone.length > 0) {
    await machine.remove(draft);
    return [(await machine.hasProgram('keepalived')) ? refused(alone) : NO_KEEPALIVED];
  }
  return swap(machine, settings, { draft, former: former.ok ? former.value : null, pages });
}

/** Takes the virtual servers out again: an empty file stays, since Keepalived complains about one that is missing. */
export const removeInclude = (machine: Machine, settings: KeepalivedSettings): Promise<Faults> =>
  installInclude(machine, settings, { ports: [], servers: [], sorry: [] });

async function swap(
  machine: Machine,
  settings: KeepalivedSettings,
  { draft, former, pages }: { readonly draft: string; readonly former: string | null; readonly pages: KeepalivedPages },
): Promise<Faults> {
  const { config, include } = settings;
  const before = await refusals(machine, config);
  const moved = await machine.run(['mv', '-fT', draft, include]);
  if (moved.code !== 0) return [refused([moved.stderr.trim()])];
  // what Keepalived said against it before is not ours: it runs with that
  const after = (await refusals(machine, config)).filter((line) => !before.includes(line));
  if (after.length === 0) return reload(machine, settings, pages);
  if (former === null) await machine.remove(include);
  else {
    await machine.writeFile(draft, former);
    await machine.run(['mv', '-fT', draft, include]);
  }
  return [refused(after)];
}

/** What `keepalived -t` says against a configuration, a line each. */
async function refusals(machine: Machine, file: string): Promise<readonly string[]> {
  const { code, stderr } = await machine.run(['keepalived', '-t', '-f', file]);
  if (code === 0) return [];
  const said = stderr.split('\n').filter((line) => line.trim() !== '');
  return said.length > 0 ? said : [`keepalived -t ended with ${code}`];
}

const refused = (said: readonly string[]): Diagnostic => ({
  code: 'command-failed',
  severity: 'error',
  message: `Keepalived refuses the page's virtual servers: ${said.slice(0, 3).join('; ')}`,
});

const NO_KEEPALIVED: Diagnostic = {
  code: 'component-missing',
  severity: 'error',
  message: 'there is no keepalived on this machine',
  hint: 'apt-get install keepalived',
};

/** Whether the kernel has what the file says: a Keepalived that was never told of it has not. */
async function isInForce(
  machine: Machine,
  { mark }: KeepalivedSettings,
  { servers }: KeepalivedPages,
): Promise<boolean> {
  const listing = await machine.readFile(IPVS_FILE);
  return servers.length === 0 || (listing.ok && aliveInIpvs(listing.value, mark) !== null);
}

/**
 * What the configuration that includes the file says against it: a virtual server of the same mark would be one with ours.
 * Code: `mark-taken`.
 */
export async function includeFaults(machine: Machine, { config, mark }: KeepalivedSettings): Promise<Faults> {
  const file = await machine.readFile(config);
  const lines = file.ok ? file.value.split('\n') : [];
  const at = lines.findIndex((line) => Number(/^\s*virtual_server\s+fwmark\s+(\d+)/.exec(line)?.[1]) === mark);
  if (at < 0) return [];
  const message = `${config}, line ${at + 1}, has a virtual server of the mark ${mark}`;
  const hint = 'take it out: the guard writes one of its own; or name another mark';
  return [{ code: 'mark-taken', severity: 'error', message, hint }];
}

const TAKES_MS = 3000;

/** SIGHUP for the process of the pid file, when it is a Keepalived; then a look whether the kernel has what it was told. */
async function reload(machine: Machine, settings: KeepalivedSettings, pages: KeepalivedPages): Promise<Faults> {
  const { pid, config, include } = settings;
  const process = await keepalivedProcess(machine, pid);
  const isThere = process !== null;
  if (isThere) machine.signal(Number(process), 'SIGHUP');
  const deadline = machine.elapsedMs() + TAKES_MS;
  while (isThere && machine.elapsedMs() < deadline) {
    if (await isInForce(machine, settings, pages)) return [];
    await machine.sleep(100);
  }
  const message = isThere
    ? 'Keepalived has no virtual server of the mark: nobody is led to the page'
    : `Keepalived does not run (${pid}): nobody is led to the page`;
  const hint = `${isThere ? 'give it' : 'start it, with'} the line \`include ${include}\` in ${config}`;
  return [{ code: 'keepalived-not-running', severity: 'warning', message, hint }];
}

const foreign = ({ include }: KeepalivedSettings): Diagnostic => ({
  code: 'output-exists',
  severity: 'error',
  message: `${include} is not the guard's own file`,
  hint: 'name another as `include` below delivery: keepalived',
});
