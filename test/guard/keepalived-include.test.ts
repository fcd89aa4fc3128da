import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAddress, type Address, type Diagnostic } from '../../src/ip/index.ts';
import { linuxMachine, type Machine } from '../../src/host/index.ts';
import {
  DEFAULT_SETTINGS,
  includeText,
  installInclude,
  KINDS,
  removeInclude,
  SCHEDULERS,
  type KeepalivedPages,
  type KeepalivedSettings,
} from '../../src/guard/index.ts';
import { whyNoLab } from '../support/lab-available.ts';

const address = (text: string): Address => {
  const read = parseAddress(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};
const pages: KeepalivedPages = {
  ports: [
    { site: 80, page: 80, tls: false },
    { site: 443, page: 443, tls: true },
  ],
  servers: ['10.10.10.1', '10.10.10.2', 'fd00:10::1'].map((a, i) => ({ address: address(a), weight: i + 1 })),
  sorry: [address('10.10.10.9')],
};

describe.skipIf(whyNoLab(['keepalived']) !== null)('the file for Keepalived', () => {
  let folder: string;
  let settings: KeepalivedSettings;
  const machine = linuxMachine();
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waymark-include-'));
    const files = { include: `${folder}/waymark.conf`, config: `${folder}/main.conf`, pid: `${folder}/pid` };
    settings = { ...DEFAULT_SETTINGS.delivery.keepalived, ...files };
    writeFileSync(files.config, `include ${files.include}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const codes = (faults: readonly Diagnostic[]): readonly string[] => faults.map((d) => d.code);
  const own = (): readonly string[] => readdirSync(folder).filter((f) => f !== 'main.conf');

  it.each(KINDS)('is what Keepalived takes without a word, with every scheduler and check: %s', (kind) => {
    const translated = [[{ site: 80, page: 18080, tls: false }], [{ site: 443, page: 18443, tls: true }]];
    const ports = kind === 'nat' ? [pages.ports, ...translated] : [pages.ports];
    const texts = SCHEDULERS.flatMap((scheduler) =>
      (['http', 'tcp'] as const).flatMap((check) =>
        ports.map((p) => includeText({ ...settings, scheduler, kind, check }, { ...pages, ports: p })),
      ),
    );
    // one test of all takes no longer than of one
    writeFileSync(settings.include, texts.join(''));
    const { status, stderr } = spawnSync('keepalived', ['-t', '-f', settings.include], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
  it('has a virtual server a family, that keeps the port where the page is on the same ones', () => {
    const text = includeText(settings, pages);
    expect(text.match(/^virtual_server fwmark 2000 {$/gm)).toHaveLength(2);
    expect(text).toContain('    real_server 10.10.10.2 {\n        weight 2\n');
    expect(text).toContain('    sorry_server 10.10.10.9\n');
    expect(includeText(settings, { ...pages, ports: [{ site: 80, page: 18080, tls: false }] })).toContain(
      'real_server fd00:10::1 18080 {',
    );
  });
  it('is put in place, and said when no Keepalived is there to read it', async () => {
    expect(codes(await installInclude(machine, settings, pages))).toEqual(['keepalived-not-running']);
    expect(readFileSync(settings.include, 'utf8')).toBe(includeText(settings, pages));
    expect(own()).toEqual(['waymark.conf']);
    expect(codes(await removeInclude(machine, settings))).toEqual(['keepalived-not-running']);
    expect(readFileSync(settings.include, 'utf8')).toMatch(/^#.*\n$/);
  });
  it('is not written where Keepalived refuses it', async () => {
    const faults = await installInclude(machine, { ...settings, every: -1 }, pages);
    expect(faults).toMatchObject([{ code: 'command-failed', severity: 'error' }]);
    expect(faults[0]!.message).toContain("'-1'");
    expect(own()).toEqual([]);
  });
  it('is the former one again where the whole is refused', async () => {
    await installInclude(machine, settings, pages);
    const former = readFileSync(settings.include, 'utf8');
    const grumbles: Machine = {
      ...machine,
      run: async (argv) => {
        const ran = await machine.run(argv);
        const isNew = argv.includes(settings.config) && readFileSync(settings.include, 'utf8').includes('2001');
        return isNew ? { ...ran, code: 5, stderr: 'old\nof the new one\n' } : { ...ran, stderr: 'old\n' };
      },
    };
    const faults = await installInclude(grumbles, { ...settings, mark: 2001 }, pages);
    expect(faults).toMatchObject([{ code: 'command-failed' }]);
    expect(faults[0]!.message).toContain('of the new one');
    expect(readFileSync(settings.include, 'utf8')).toBe(former);
    expect(own()).toEqual(['waymark.conf']);
  });
  it('goes into a configuration that Keepalived grumbles about, as before', async () => {
    const grumbled = `virtual_server 192.0.2.1 80 {\n    persistence_timeout 0\n    protocol TCP\n}\ninclude ${settings.include}\n`;
    writeFileSync(settings.config, grumbled);
    expect(codes(await installInclude(machine, settings, pages))).toEqual(['keepalived-not-running']);
    expect(existsSync(settings.include)).toBe(true);
  });
  it("is never written over somebody else's", async () => {
    writeFileSync(settings.include, 'virtual_server 192.0.2.1 80 {\n}\n');
    expect(codes(await installInclude(machine, settings, pages))).toEqual(['output-exists']);
    expect(await removeInclude(machine, settings)).toEqual([]);
    expect(readFileSync(settings.include, 'utf8')).toContain('192.0.2.1');
  });
  it('is refused where the configuration has a virtual server of the same mark', async () => {
    writeFileSync(settings.config, `\nvirtual_server fwmark 2000 {\n}\n`);
    expect(codes(await installInclude(machine, settings, pages))).toEqual(['mark-taken']);
    expect(own()).toEqual([]);
  });
});
