import {
  LANGUAGES,
  logoFrom,
  readTemplate,
  readWords,
  type GuardSettings,
  type PageLook,
  type Words,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { failure, nearestHint, success, type Diagnostic, type Parsed, type Result } from '../../../ip/index.ts';

/** How the page looks and answers, its files read. Codes: those of the files and of what reads them; `value-invalid`. */
export async function pageLook(machine: Machine, { page, appeals }: GuardSettings): Promise<Parsed<PageLook>> {
  const diagnostics: Diagnostic[] = [];
  const from = async <T>(path: string | null, read: Reading<T>): Promise<T | null> => {
    const made = path === null ? null : await read(machine, path);
    diagnostics.push(...(made?.diagnostics ?? []));
    return made?.value ?? null;
  };
  const template = await from(page.template, readAs(readTemplate));
  const logo = await from(page.logo, readLogo);
  const languages: Words[] = [];
  for (const word of page.languages ?? []) {
    const words = await from(word, word.includes('/') ? readAs(readWords) : shipped);
    if (words) languages.push(words);
  }
  const value: PageLook = {
    status: page.status,
    takesAppeals: appeals.form,
    ...(template && { template }),
    ...(logo !== null && { logo }),
    ...(languages.length > 0 && { languages }),
  };
  return { value, diagnostics };
}

type Reading<T> = (machine: Machine, path: string) => Promise<Parsed<T | null>>;

const parsed = <T>(result: Result<T>): Parsed<T | null> =>
  result.ok
    ? { value: result.value, diagnostics: [] }
    : { value: null, diagnostics: [{ severity: 'error', ...result }] };

const readAs =
  <T>(read: (text: string, source: string) => Parsed<T>): Reading<T> =>
  async (machine, path) => {
    const text = await machine.readFile(path);
    return text.ok ? read(text.value, path) : parsed(text);
  };

const readLogo: Reading<string> = async (machine, path) => {
  const bytes = await machine.readBytes(path);
  return parsed(bytes.ok ? logoFrom(bytes.value) : bytes);
};

const shipped: Reading<Words> = (_machine, tag) => {
  const words = LANGUAGES.find((l) => l.language === tag);
  const tags = LANGUAGES.map((l) => l.language);
  const hint = nearestHint(tag, tags) ?? `the page speaks ${tags.join(', ')}; others from a file: ./${tag}.yaml`;
  return Promise.resolve(parsed(words ? success(words) : failure('value-invalid', `no language '${tag}'`, hint)));
};
