import { describe, expect, it } from 'vitest';
import { compileFilter, readFilter, readNameWithOptions } from '../../../src/guard/index.ts';
import { compilePython, groupOf } from '../../../src/guard/fail2ban/pattern/compile-pattern.ts';
import { FilterRun, type LineOutcome } from '../../../src/guard/fail2ban/run/filter-run.ts';
import { configFiles, filterNames, isFail2banHere, python } from '../../support/fail2ban/installed.ts';
import { samplesOf, type SampleOptions } from '../../support/fail2ban/samples.ts';

/** The clock of fail2ban's tests, in a zone that they name: they read times without year and zone. */
const THEN = 1_124_013_600_000;
process.env['TZ'] = 'Europe/Zurich';

const MORE = [
  ...['ddos', 'extra', 'aggressive'].map((mode) => `sshd[mode=${mode}]`),
  ...['journal', 'short', 'rfc5424'].map((type) => `sshd[logtype=${type}]`),
  'sshd[logtype=rfc5424, publickey=invalid]',
  ...['aggressive', 'auth', 'rbl', 'more', 'extra', 'ddos', 'errors'].map((mode) => `postfix[mode=${mode}]`),
  'dovecot[mode=aggressive]',
  'exim[mode=aggressive]',
  'nginx-http-auth[mode=aggressive]',
  'traefik-auth[mode=ddos]',
  `nginx-limit-req[ngx_limit_req_zones="a|b"]`,
];

describe.skipIf(!isFail2banHere)("fail2ban's own filters", () => {
  const files = configFiles();

  it('are read as fail2ban reads them, with every mode', () => {
    const names = [...filterNames(), ...MORE];
    const theirs = python('definitions.py', ['/etc/fail2ban'], JSON.stringify(names)) as Record<string, object>;
    for (const spec of names) {
      const name = readNameWithOptions(spec);
      const read = name.ok ? readFilter(files, name.value) : null;
      expect(read?.diagnostics, spec).toEqual([]);
      const { failregex, ignoreregex, prefregex, datepattern, maxlines } = read!.value!;
      const ours = { failregex, ignoreregex, prefregex, datepattern, maxlines };
      const wanted = { ...theirs[spec] } as Record<string, unknown>;
      for (const option of ['prefregex', 'datepattern']) wanted[option] ||= null;
      expect(ours, spec).toEqual(wanted);
    }
    expect(names.length).toBeGreaterThan(100);
  });

  it("find the same as Python's re in every search of fail2ban's sample tests", () => {
    type Found = [[number, number], Record<string, string | null>] | null;
    const all = python('searches.py', []) as [string, boolean, [string, Found][]][];
    let count = 0;
    for (const [text, ofLine, searches] of all) {
      const compiled = compilePython(text, { name: text, ofLine });
      if (!compiled.ok) throw new Error(`${text}: ${compiled.message}`);
      const { pattern, names } = compiled.value;
      for (const [subject, wanted] of searches) {
        const found = pattern.exec(subject);
        const groups = (): object =>
          Object.fromEntries([...names].map(([name, places]) => [name, groupOf(found!, places) ?? null]));
        const span = found && [found.index, found.index + found[0].length];
        expect(found && [span, groups()], `${text}\n${subject}`).toEqual(wanted);
        count++;
      }
    }
    expect(all.length).toBeGreaterThan(300);
    expect(count).toBeGreaterThan(8000);
  });

  it('agree in each annotated line: match, host, time, groups, attempts', () => {
    let annotated = 0;
    for (const name of filterNames()) {
      const runs = new Map<string, FilterRun>();
      for (const { line, wanted, options } of samplesOf(name))
        for (const one of options) {
          const key = JSON.stringify(one);
          const run = runs.get(key) ?? runOf(name, one);
          runs.set(key, run);
          const at = `${name} ${key}: ${line}`;
          const outcome = look(run, line, one);
          expect(typeof outcome === 'object', at).toBe(wanted?.['match'] === true);
          if (typeof outcome === 'object') expectAll(outcome, wanted!, at);
          if (wanted) annotated++;
        }
    }
    expect(annotated).toBeGreaterThan(1000);
  });

  function runOf(name: string, all: SampleOptions): FilterRun {
    const options = new Map(Object.entries(all).filter(([key]) => !key.startsWith('test.')));
    const read = readFilter(files, { name, options }, { logtype: null, given: new Map() });
    const compiled = compileFilter(read.value!, Date.now());
    expect([...read.diagnostics, ...compiled.diagnostics]).toEqual([]);
    return new FilterRun(compiled.value);
  }
});

function look(run: FilterRun, line: string, options: SampleOptions): LineOutcome {
  if (options['logtype'] !== 'journal') return run.look(line, THEN);
  const whole = (options['test.prefix-line'] ?? '') + line;
  return run.take(run.searchDated({ whole, text: whole }, THEN), THEN);
}

const OTHER_KEYS = ['match', 'desc', 'constraint'];

function expectAll(outcome: Exclude<LineOutcome, string>, wanted: Readonly<Record<string, unknown>>, at: string): void {
  for (const [key, value] of Object.entries(wanted)) {
    const where = `${key}: ${at}`;
    if (OTHER_KEYS.includes(key) || value === null) continue;
    else if (key === 'time')
      expect(Math.floor(outcome.time / 1000), where).toBe(Math.floor(timeOf(value as string) / 1000));
    else if (key === 'users') expect([...outcome.users].sort(), where).toEqual([...(value as string[])].sort());
    else if (key === 'attempts') expect(outcome.lines.length, where).toBe(value);
    else if (key === 'host')
      expect(outcome.groups.get('host') ?? outcome.id, where).toBe((value as string).toLowerCase());
    else expect(outcome.groups.get(key), where).toBe(value);
  }
}

/** `2005-03-7T02:09:33`, in the zone of the tests. */
function timeOf(text: string): number {
  const [year, month, day, hour, minute, second] = text.split(/[-T:.]/).map(Number);
  return new Date(year!, month! - 1, day, hour, minute, second).getTime();
}
