import { certificateFault } from '../../../../host/index.ts';
import type { Diagnostic, Span } from '../../../../ip/index.ts';
import { faultAt, type Checked } from './asked.ts';

/**
 * Whether the page's user can read what the page needs: Waymark itself, the settings and the files that these name; and
 * whether certificates fit their keys. Codes: `name-unknown`, `file-missing`, `privilege-missing`, `certificate-unusable`.
 */
export async function checkPageUser(asked: Checked): Promise<readonly Diagnostic[]> {
  const { machine, settings, at } = asked;
  const { user, certificates } = settings;
  if ((await machine.run(['id', '-u', user])).code !== 0)
    return [
      faultAt(at('user'), 'name-unknown', `there is no user '${user}'`, `useradd --system ${user}, or name another`),
    ];
  const faults: Diagnostic[] = [];
  for (const [path, span] of filesOf(asked)) {
    if (!(await machine.exists(path))) faults.push(faultAt(span, 'file-missing', `${path}: no such file`));
    else if (machine.isRoot) faults.push(...(await unreadable(asked, path, span)));
  }
  if (faults.length > 0) return faults;
  for (const [i, files] of certificates.entries()) {
    const fault = await certificateFault(files);
    if (fault) faults.push(faultAt(at('certificates', i), fault.code, fault.message, fault.hint));
  }
  return faults;
}

/** The files that the page reads, and where the settings name them. */
function filesOf({ self, file, settings, at }: Checked): readonly (readonly [string, Span | undefined])[] {
  const { page, certificates } = settings;
  const named = (['template', 'logo'] as const).flatMap((key) =>
    page[key] === null ? [] : [[page[key], at('page', key)] as const],
  );
  const languages = (page.languages ?? []).map((word, i) => [word, at('page', 'languages', i)] as const);
  return [
    ...self.filter((word) => word.startsWith('/')).map((word) => [word, undefined] as const),
    ...(file === null ? [] : [[file, undefined] as const]),
    ...named,
    ...languages.filter(([word]) => word.includes('/')),
    ...certificates.flatMap(({ certificate, key }, i) => [
      [certificate, at('certificates', i, 'certificate')] as const,
      [key, at('certificates', i, 'key')] as const,
    ]),
  ];
}

async function unreadable(
  { machine, settings: { user }, self }: Checked,
  path: string,
  span: Span | undefined,
): Promise<readonly Diagnostic[]> {
  const group = (await machine.run(['id', '-g', user])).stdout.trim();
  const as = ['setpriv', '--reuid', user, '--regid', group, '--init-groups', '--'];
  const may = async (what: '-r' | '-x', where: string): Promise<boolean> =>
    (await machine.run([...as, 'test', what, where])).code === 0;
  if (await may('-r', path)) return [];
  for (const folder of foldersAbove(path)) {
    if (await may('-x', folder)) continue;
    const isOurs = self.includes(path);
    const hint = isOurs
      ? `put Waymark where everybody may read it: cp -a ${aboveBin(path)} /opt/waymark`
      : `setfacl -m u:${user}:x ${folder}, or put the file elsewhere`;
    return [
      faultAt(span, 'privilege-missing', `${user}, who serves the page, may not enter ${folder} to read ${path}`, hint),
    ];
  }
  const hint = `setfacl -m u:${user}:r ${path}, or name a user who may read it: user: NAME`;
  return [faultAt(span, 'privilege-missing', `${user}, who serves the page, may not read ${path}`, hint)];
}

/** `/`, `/a`, `/a/b` for `/a/b/c`. */
const foldersAbove = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, i, all) => all.slice(0, i + 1).join('/') || '/');

/** The checkout of `/root/waymark/bin/waymark`: `/root/waymark`. */
const aboveBin = (path: string): string => path.split('/').slice(0, -2).join('/');
