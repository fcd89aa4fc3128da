import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../../src/host/index.ts';
import { root, runOn } from '../cli/world.ts';

const laptop = readFileSync(join(root, 'examples/office/laptop.facts'), 'utf8');
const ask = (bundle: string) =>
  runOn(fakeMachine({ files: { 'laptop.facts': bundle } }), ['explain', 'laptop', '10.5.5.20', '-n', 'laptop.facts']);

/** The starts of all sections of the bundle, and of its last line. */
const sections = [...laptop.matchAll(/^=== (?![?!])/gm)].map((m) => m.index);

// a bundle that came through a chat, a full disk or a broken ssh session: half of the facts must not pass for all
describe('bad input: bundles', () => {
  it('reads the whole one', async () => {
    expect(await ask(laptop)).toMatchObject({ code: 1, stderr: '' });
    expect(sections.length).toBeGreaterThan(10);
  });

  it.each(sections)('refuses one that is cut off at character %i, between and in lines', async (at) => {
    for (const cut of [at, at + 5, at - 3]) {
      if (cut < 20) continue;
      const text = laptop.slice(0, cut);
      const { code, stdout, stderr } = await ask(text);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      const line = text.replace(/\n$/, '').split('\n').length;
      expect(stderr).toContain(`error[input-cut-off] laptop.facts:${line}:1: the bundle is cut off`);
      expect(stderr).toContain('hint: collect it anew');
    }
  });

  it('reads CRLF line ends', async () => {
    expect(await ask(laptop.replaceAll('\n', '\r\n'))).toEqual(await ask(laptop));
  });

  it('refuses another version', async () => {
    const { code, stderr } = await ask(laptop.replace('facts 1', 'facts 2'));
    expect(code).toBe(2);
    expect(stderr).toContain('error[bundle-version] laptop.facts:1:1: ');
  });

  it('counts what comes many times', async () => {
    const { code, stderr } = await ask('# waymark facts 1\n'.repeat(100_000));
    expect(code).toBe(2);
    expect(stderr.split('\n').length).toBeLessThan(200);
    expect(stderr).toMatch(/and \d+ more like these/);
  });

  it.each(['../../evil', '/etc/evil', '..', '.profile', 'a b;reboot'])(
    'writes no file outside of the folder when a host calls itself %s',
    async (name) => {
      const bundles = ['laptop', 'linux-server', 'vpn-server', 'router'].map((host) => {
        const text = readFileSync(join(root, `examples/nat-box/${host}.facts`), 'utf8');
        const renamed = text.replace(/(=== ip netns identify\n).*/, `$1${name}`);
        return [`net/${host}.facts`, host === 'router' ? renamed : text] as const;
      });
      const machine = fakeMachine({ files: Object.fromEntries(bundles) });
      const before = machine.render().split('\n');
      const outcome = await runOn(machine, ['fix', 'linux-server', 'laptop', '-n', 'net', '--write', 'out']);
      const written = machine
        .render()
        .split('\n')
        .filter((l) => /^\S/.test(l) && !before.includes(l));
      expect(written.length, outcome.stderr).toBe(2);
      for (const line of written) expect(line).toMatch(/^out\/[^/. ][^/ ;]*\.sh 644$/);
    },
  );
});
