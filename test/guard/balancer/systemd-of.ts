import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { linuxMachine, type Machine } from '../../../src/host/index.ts';
import type { Balancer } from './balancer.ts';
import { until } from './check.ts';

/** A systemd that runs on the director, with nothing but its journal and what is started by it. */
export interface Systemd {
  /** Runs commands where its services run. */
  readonly inside: Machine;
  /** Where its files are, seen from here. */
  readonly root: string;
  stop(): Promise<void>;
}

/**
 * What happens before it starts as the first process of namespaces of its own: memory is over all that it, its services and their
 * administrator write to, the rest of this machine's files and settings is read-only, of devices there are the usual few;
 * what usually starts at boot is masked.
 */
const BOOT = `
mount --make-rprivate /
for folder in /run /srv /tmp /etc/systemd/system /etc/keepalived /var/lib /var/spool /var/log; do
  [ ! -d $folder ] || mount -t tmpfs -o mode=755 tmpfs $folder
done
chmod 1777 /tmp
mount -o remount,bind,ro /
mkdir -p /run/dev /run/systemd/system
mount -t tmpfs -o mode=755 tmpfs /run/dev
mkdir /run/dev/shm /run/dev/pts
mount -t devpts -o newinstance,ptmxmode=666 devpts /run/dev/pts
ln -s pts/ptmx /run/dev/ptmx
for device in null zero full random urandom tty; do
  touch /run/dev/$device
  mount --bind /dev/$device /run/dev/$device
done
ln -s /proc/self/fd /run/dev/fd
mount --move /run/dev /dev
mount -t sysfs -o ro sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount --bind /proc/sys /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,ro /proc/sys
for unit in /lib/systemd/system/sysinit.target.wants/*; do
  case $unit in *systemd-journald*) ;; *) ln -s /dev/null /run/systemd/system/\${unit##*/} ;; esac
done
printf '[Unit]\\nRequires=basic.target\\nAfter=basic.target\\n' >/run/systemd/system/small.target
export container=waymark
exec /lib/systemd/systemd --unit=small.target
`;

/** So long it may take to stop its services and itself, in milliseconds. */
const EXIT_MS = 15_000;

const NAMESPACES = ['--pid', '--mount', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child', '--mount-proc'];

/** Where control groups of version 2 are; null where they are not. */
const cgroups = (): string | null => / (\S+) cgroup2 /.exec(readFileSync('/proc/mounts', 'utf8'))?.[1] ?? null;

/** Why no systemd can run beside this machine's own, or null. Where `CI` is set it must be possible. */
export function whyNoSystemd(): string | null {
  const programs = ['systemctl', 'systemd-analyze', 'systemd-notify', 'unshare', 'nsenter'];
  const missing = programs.filter((p) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', p]).status !== 0);
  if (cgroups() === null) missing.push('control groups of version 2');
  if (missing.length === 0 || process.env['CI'] !== undefined) return null;
  const reason = `no systemd: not there: ${missing.join(', ')}`;
  console.warn(`skipped: ${reason}`);
  return reason;
}

/** Starts it in a control group of its own and waits until it is up. */
export async function startSystemd({ directorNetns }: Balancer): Promise<Systemd> {
  const machine = linuxMachine();
  const group = `${cgroups()}/wm-${randomBytes(4).toString('hex')}`;
  mkdirSync(group);
  const enter = `echo $$ >'${group}/cgroup.procs'; exec "$@"`;
  const start = ['nsenter', `--net=${directorNetns}`, 'unshare', ...NAMESPACES, 'sh', '-ec', BOOT];
  const child = machine.spawn(['sh', '-ec', enter, 'sh', ...start]);
  let first = '';
  const within = (argv: readonly string[]): readonly string[] => [
    'nsenter',
    '-t',
    first,
    '-m',
    '-p',
    '-n',
    '-C',
    ...argv,
  ];
  const inside: Machine = {
    ...machine,
    run: (argv, options) => machine.run(within(argv), options),
    spawn: (argv, options) => machine.spawn(within(argv), options),
  };
  const isUp = async (): Promise<string> => {
    first = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    return first === '' ? '' : (await inside.run(['systemctl', 'is-system-running'])).stdout.trim();
  };
  const stop = async (): Promise<void> => {
    const asked = await inside.run(['systemctl', 'exit']);
    // now and then its last jobs wait for each other; with the first process all of its namespace end
    const isEnding = asked.code === 0 && (await Promise.race([child.ended.then(() => true), machine.sleep(EXIT_MS)]));
    if (isEnding !== true) await machine.run(first === '' ? ['kill', String(child.pid)] : ['kill', '-KILL', first]);
    await child.ended;
    for (const left of (await machine.run(['find', group, '-depth', '-type', 'd'])).stdout.trim().split('\n'))
      rmdirSync(left);
  };
  await until((said) => said === 'running', isUp).catch(async (error: unknown) => {
    await stop();
    assert.fail(`${String(error)}\n${child.output()}`);
  });
  return { inside, root: `/proc/${first}/root`, stop };
}
