import { expect, it } from 'vitest';
import { fakeMachine } from './index.ts';

it('renders its state as text', async () => {
  const m = fakeMachine({
    files: { '/etc/hostname': 'vpn\n' },
    commands: { 'uname -s': 'Linux\n', 'ip link': { code: 1, stderr: 'no' }, cat: (o) => String(o.stdin) },
  });
  expect((await m.run(['uname', '-s'])).stdout).toBe('Linux\n');
  expect(await m.run(['ip', 'link'])).toMatchObject({ code: 1, stderr: 'no', stdout: '' });
  expect((await m.run(['cat'], { stdin: 'x' })).stdout).toBe('x');
  expect((await m.run(['nope'])).code).toBe(127);
  await m.writeFile('/etc/a/key', 'secret', 0o600);
  const child = m.spawn(['openvpn', 'a.conf']);
  child.stop();
  expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' });
  expect(m.render()).toBe(
    [
      '/etc/a/key 600',
      '  secret',
      '/etc/hostname 644',
      '  vpn',
      '$ uname -s',
      '$ ip link (code 1)',
      '$ cat',
      '$ nope (code 127)',
      '$ openvpn a.conf (started)',
      '',
    ].join('\n'),
  );
});

it('lists, finds and removes files', async () => {
  const m = fakeMachine({ files: { '/a/b/c': '1', '/a/d': '2' } });
  expect(await m.list('/a')).toEqual({ ok: true, value: ['b', 'd'] });
  expect(await m.exists('/a/b')).toBe(true);
  await m.remove('/a/b');
  expect(await m.exists('/a/b')).toBe(false);
  expect(await m.readFile('/a/b/c')).toMatchObject({ ok: false, code: 'file-missing' });
  expect(await m.list('/x')).toMatchObject({ ok: false, code: 'file-missing' });
  await m.mkdir('/x');
  expect(await m.list('/x')).toEqual({ ok: true, value: [] });
});

it('lets time pass only when somebody sleeps', async () => {
  const m = fakeMachine({ now: new Date('2026-11-22T10:00:00Z') });
  await m.sleep(1500);
  expect(m.now().toISOString()).toBe('2026-11-22T10:00:01.500Z');
  expect(m.elapsedMs()).toBe(1500);
});
