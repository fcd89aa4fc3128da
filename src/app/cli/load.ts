import type { Diagnostic, Parsed, Result } from '../../ip/index.ts';
import { loadNetwork, loadText, type Files } from '../../facts/index.ts';
import type { Machine } from '../../host/index.ts';
import type { Network } from '../../model/index.ts';
import { collectBundle } from './collect-bundle.ts';
import { usageFault } from './report.ts';

/**
 * The network that `-n` names: a network file, a bundle, a folder of both, `-` for standard input; without it this
 * machine as it is now.
 */
export async function networkOf(machine: Machine, name: string | undefined): Promise<Parsed<Network | null>> {
  if (name === undefined) return ownNetwork(machine);
  if (name === '-') {
    const text = await machine.readStdin();
    if (!text.ok) return { value: null, diagnostics: [usageFault(text.code, text.message, text.hint)] };
    const plain = withoutMark(text.value);
    return withFiles(machine, (files) => loadText(plain, '-', files));
  }
  const path = name.replace(/(?<=.)\/+$/, '');
  if (!(await machine.exists(path))) {
    const hint = 'name a network file, a facts bundle or a folder of both';
    return { value: null, diagnostics: [usageFault('file-missing', `there is no file ${name}`, hint)] };
  }
  const names = await machine.list(path);
  if (names.ok && names.value.length === 0)
    return { value: null, diagnostics: [usageFault('input-unrecognised', `the folder ${name} is empty`)] };
  return withFiles(machine, (files) => loadNetwork(path, files));
}

async function ownNetwork(machine: Machine): Promise<Parsed<Network | null>> {
  const bundle = await collectBundle(machine, { kind: 'here' });
  if (bundle.diagnostics.length > 0) return { value: null, diagnostics: bundle.diagnostics };
  return loadText(bundle.value, 'this machine', { read: () => null, list: () => [] });
}

/**
 * Loading is pure and asks for files by name. What it asks for is read, and loading starts again, until it asks for
 * nothing new.
 */
async function withFiles(
  machine: Machine,
  load: (files: Files) => Parsed<Network | null>,
): Promise<Parsed<Network | null>> {
  const texts = new Map<string, Result<string>>();
  const lists = new Map<string, readonly string[]>();
  const folders = new Set<string>();
  for (;;) {
    const missing = { texts: new Set<string>(), lists: new Set<string>() };
    const used = new Set<string>();
    const loaded = load({
      read: (path) => {
        used.add(path);
        const text = texts.get(path);
        if (!text) missing.texts.add(path);
        return text?.ok ? withoutMark(text.value) : null;
      },
      list: (path) => lists.get(path) ?? (missing.lists.add(path), []),
    });
    if (missing.texts.size + missing.lists.size === 0) {
      // a folder without files looks like a file until it is read
      const faults = [...used].filter((p) => !folders.has(p)).flatMap((path) => unreadable(texts.get(path)));
      // why a file can't be read is said instead of that it is not there
      const others = loaded.diagnostics.filter((d) => faults.length === 0 || d.code !== 'file-missing' || d.span);
      return { ...loaded, diagnostics: [...faults, ...others] };
    }
    for (const path of missing.texts) texts.set(path, await machine.readFile(path));
    for (const path of missing.lists) {
      const names = await machine.list(path);
      if (names.ok) folders.add(path);
      lists.set(path, names.ok ? names.value : []);
    }
  }
}

/** The text without the byte order mark that some editors put in front. */
const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

/** Why a file could not be read. That it is missing is said by whoever asked for it, with its place. */
function unreadable(text: Result<string> | undefined): Diagnostic[] {
  if (!text || text.ok || text.code === 'file-missing') return [];
  return [usageFault(text.code, text.message, text.hint)];
}
