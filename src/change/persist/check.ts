import { shellLine } from '../../dialect/index.ts';
import type { Machine } from '../../host/index.ts';
import type { Diagnostic } from '../../ip/index.ts';
import type { FileEdit } from '../file-edit.ts';
import type { Argv } from '../route-system.ts';
import type { Claim } from './claim.ts';

/** How a system's own checker is asked about files that are not in place yet. */
export interface Check {
  readonly argv: Argv;
  /** What it must have understood, in its own words; empty where its exit code says enough. */
  readonly says: readonly string[];
}

/** The check of a change, with copies below that folder; null where the system has no checker that works without the file in place. */
export function checkOf({ by, id, file }: Claim, [edit]: readonly FileEdit[], folder: string): Check | null {
  if (!edit) return null;
  const added = linesAdded(edit);
  if (by === 'netplan') return { argv: ['netplan', 'generate', '--root-dir', folder], says: [] };
  if (by === 'ifupdown')
    return { argv: ['ifquery', '-i', folder + edit.path, id], says: added.map((l) => l.trim().replace(/^\S+\s+/, '')) };
  if (by === 'systemd-networkd') {
    const unit = file.slice(file.lastIndexOf('/') + 1);
    const argv = ['systemd-analyze', 'cat-config', `--root=${folder}`, `systemd/network/${unit}`];
    return { argv, says: added.map((l) => l.trim()) };
  }
  if (by === 'NetworkManager')
    return {
      argv: ['nmcli', '--offline', 'connection', 'modify', 'connection.autoconnect-retries', '-1'],
      // it numbers routes anew, and leaves out what it can't read
      says: added.map((l) => l.replace(/^\s*routes?\d*(_options)?\s*/, '').trim()),
    };
  return null;
}

const linesAdded = ({ before, after }: FileEdit): readonly string[] => {
  const old = new Set((before ?? '').split('\n'));
  return (after ?? '').split('\n').filter((l) => !old.has(l) && l.trim() !== '');
};

/**
 * Asks the system's own checker about the files as they would be, in a copy below `folder`, which is gone afterwards. Codes:
 * `keeper-refuses`, a warning `component-missing` where the checker is not installed, those of `writeFile`.
 */
export async function checkEdits(
  machine: Machine,
  claim: Claim,
  edits: readonly FileEdit[],
  folder: string,
): Promise<readonly Diagnostic[]> {
  const check = checkOf(claim, edits, folder);
  if (!check) return [];
  await machine.remove(folder);
  try {
    const faults = await copied(machine, claim, edits, folder);
    if (faults.length > 0) return faults;
    const stdin = claim.by === 'NetworkManager' ? { stdin: edits[0]!.after ?? '' } : {};
    const said = await machine.run(check.argv, stdin);
    return judged(claim, check, said.code, said.stdout, said.stderr);
  } finally {
    await machine.remove(folder);
  }
}

/** The files beside the changed ones, and these as they would be. */
async function copied(
  machine: Machine,
  claim: Claim,
  edits: readonly FileEdit[],
  folder: string,
): Promise<readonly Diagnostic[]> {
  const texts = new Map<string, string>();
  const source = claim.by === 'netplan' ? '/etc/netplan' : null;
  const names = source === null ? null : await machine.list(source);
  const beside = names?.ok
    ? names.value.filter((n) => n.endsWith('.yaml')).map((n) => `${source!}/${n}`)
    : [claim.file];
  for (const path of beside) {
    const text = await machine.readFile(path);
    if (text.ok) texts.set(path, text.value);
  }
  for (const { path, after } of edits) {
    if (after === null) texts.delete(path);
    else texts.set(path, after);
  }
  for (const [path, text] of texts) {
    const place = folder + (claim.by === 'systemd-networkd' ? path.replace(/^\/(run|usr\/lib|lib)\//, '/etc/') : path);
    await machine.mkdir(place.replace(/\/[^/]*$/, ''));
    // others' secrets may be in it
    const made = await machine.writeFile(place, text, 0o600);
    if (!made.ok) return [{ severity: 'error', ...made }];
  }
  return [];
}

function judged(
  { by }: Claim,
  { argv, says }: Check,
  code: number | null,
  out: string,
  errors: string,
): readonly Diagnostic[] {
  const isOld =
    by === 'NetworkManager' && /--offline.*(unknown|unrecognized)|(unknown|unrecognized).*--offline/i.test(errors);
  if (code === 127 || isOld)
    return [{ code: 'component-missing', severity: 'warning', message: `${argv[0]!} is not there, or too old: nobody checked the file of ${by}` }]; // prettier-ignore
  // words may be spaced otherwise
  const flat = out.replace(/[ \t]+/g, ' ');
  const missed = code === 0 ? says.filter((text) => !flat.includes(text.replace(/[ \t]+/g, ' '))) : [];
  if (code === 0 && missed.length === 0) return [];
  const why = errors.trim().split('\n').slice(0, 3).join('; ') || (missed.length > 0 ? `it does not see: ${missed.join('; ')}` : 'it failed'); // prettier-ignore
  return [{ code: 'keeper-refuses', severity: 'error', message: `${shellLine(argv)}: ${why}`, hint: 'nothing was changed; leave --persist out, or put the file right first' }]; // prettier-ignore
}
