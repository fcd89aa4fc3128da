import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { failure, success, type Diagnostic, type DiagnosticCode, type Result } from '../ip/index.ts';
import type { CertificateFiles } from './page-listener-types.ts';

/** One certificate that can be used. */
interface Loaded {
  readonly files: CertificateFiles;
  /** What the files looked like; other ones are read anew. */
  readonly seen: string;
  readonly context: SecureContext;
  /** Lower case; `*.` at the start stands for one label. */
  readonly names: readonly string[];
}

/** Why a certificate and its key can't be used together here; null when they can. */
export async function certificateFault(
  files: CertificateFiles,
): Promise<{ code: DiagnosticCode; message: string; hint?: string } | null> {
  const read = await load(files);
  return read.ok ? null : read;
}

/** The site's certificates, found by the name that a visitor asks for. */
export class Certificates {
  #loaded: readonly Loaded[];
  #byName = new Map<string, SecureContext>();

  private constructor(loaded: readonly Loaded[]) {
    this.#loaded = loaded;
    this.#index();
  }

  /** Reads all files. Fails with `certificate-unusable` at the first that cannot be used. */
  static async load(files: readonly CertificateFiles[]): Promise<Result<Certificates>> {
    const loaded: Loaded[] = [];
    for (const pair of files) {
      const one = await load(pair);
      if (!one.ok) return one;
      loaded.push(one.value);
    }
    return success(new Certificates(loaded));
  }

  /** For visitors who name no site. */
  get fallback(): SecureContext {
    return this.#loaded[0]!.context;
  }

  /** The certificate for a name, if there is one; an exact name before a wildcard. */
  find(name: string): SecureContext | undefined {
    const lower = name.toLowerCase().replace(/\.$/, '');
    return this.#byName.get(lower) ?? this.#byName.get(lower.replace(/^[^.]+/, '*'));
  }

  /** Reads the files that have changed. What cannot be used is told, and the former one stays. */
  async recheck(): Promise<readonly Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    const next = await Promise.all(
      this.#loaded.map(async (old) => {
        if ((await look(old.files)) === old.seen) return old;
        const fresh = await load(old.files);
        if (fresh.ok) return fresh.value;
        diagnostics.push({ code: fresh.code, severity: 'warning', message: `${fresh.message}; the former one stays` });
        return old;
      }),
    );
    this.#loaded = next;
    this.#index();
    return diagnostics;
  }

  #index(): void {
    const byName = new Map<string, SecureContext>();
    for (const { names, context } of this.#loaded)
      for (const name of names) if (!byName.has(name)) byName.set(name, context);
    this.#byName = byName;
  }
}

/** What tells one state of the files from another: links are followed, as renewal programs only turn them. */
async function look({ certificate, key }: CertificateFiles): Promise<string> {
  const states = await Promise.all([certificate, key].map((file) => stat(file).catch(() => null)));
  return states.map((s) => (s ? `${s.ino} ${s.size} ${s.mtimeMs}` : 'none')).join();
}

async function load(files: CertificateFiles): Promise<Result<Loaded>> {
  const seen = await look(files);
  try {
    const [cert, key] = await Promise.all([readFile(files.certificate), readFile(files.key)]);
    const context = createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
    return success({ files, seen, context, names: namesOf(new X509Certificate(cert)) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'both files must be PEM, readable, and belong together';
    return failure('certificate-unusable', `the certificate ${files.certificate} cannot be used: ${why}`, hint);
  }
}

/** The DNS names of a certificate; its common name when it has none, as certificates of one's own may. */
function namesOf(certificate: X509Certificate): readonly string[] {
  const names = [...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^",\s]+)/g)].map((m) => m[1]!);
  const common = /^CN=(\S+)$/m.exec(certificate.subject)?.[1];
  return (names.length > 0 || common === undefined ? names : [common]).map((name) => name.toLowerCase());
}
