import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VM_PROGRAMS, vmImage, type VmImage } from './vm-image.ts';

/** How a script in the virtual machine ended. */
export interface VmResult {
  /** Its exit code. */
  readonly code: number;
  /** What it wrote to both its outputs. */
  readonly output: string;
}

/** Where the virtual machine sees a path of this one: memory hides some folders at their own place. */
export const inVm = (path: string): string => `/mnt${path}`;

/**
 * Runs a shell script as root in a virtual machine of its own: Debian's kernel with its modules (IPVS among them), the
 * files of this machine, read-only, no network card. It may write to /tmp, /run, /root, /var/lib and /var/log, all
 * forgotten afterwards. Emulated: a program takes 30 ms and more to start; the machine itself 4 s.
 *
 * Throws when the machine did not come to the script's end within that time.
 */
export async function runInVm(script: string, timeoutMs = 120_000): Promise<VmResult> {
  const image = vmImage();
  const share = mkdtempSync(join(tmpdir(), 'waymark-vm-'));
  try {
    writeFileSync(join(share, 'script'), script);
    const said = await emulate(argumentsFor(image, share), timeoutMs);
    const read = (name: string): string => readFileSync(join(share, name), { encoding: 'utf8', flag: 'a+' });
    const code = read('code').trim();
    if (code === '') throw new Error(`the virtual machine gave no result: ${said}\n${read('output')}`);
    return { code: Number(code), output: read('output') };
  } finally {
    rmSync(share, { recursive: true, force: true });
  }
}

/** Why no virtual machine can run here, or null. Where `CI` is set it must be possible. */
export function whyNoVm(programs: readonly string[] = []): string | null {
  const needed = [...VM_PROGRAMS, ...programs];
  const missing = needed.filter((p) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', p]).status !== 0);
  if (process.arch !== 'x64') missing.push('a processor of x86-64');
  if (missing.length === 0 || process.env.CI !== undefined) return null;
  const reason = `no virtual machine: not there: ${missing.join(', ')}`;
  console.warn(`skipped: ${reason}`);
  return reason;
}

function emulate(args: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((done, fail) => {
    const qemu = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const timer = setTimeout(() => {
      said += `\nstopped after ${timeoutMs} ms`;
      qemu.kill('SIGKILL');
    }, timeoutMs);
    for (const stream of [qemu.stdout, qemu.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
    qemu.on('error', fail).on('close', () => {
      clearTimeout(timer);
      done(said);
    });
  });
}

// Emulated in software: a /dev/kvm may be there and hang. `microvm` has no timer to start with; a second processor costs
// twice the time and gains nothing.
const argumentsFor = ({ kernel, initrd, modules }: VmImage, share: string): readonly string[] => [
  ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-nic', 'none', '-serial', 'stdio'],
  ...['-M', 'pc', '-accel', 'tcg', '-cpu', 'max', '-smp', '1', '-m', '1024', '-kernel', kernel, '-initrd', initrd],
  ...['-append', `${KERNEL} modules=${modules}`],
  ...['-virtfs', 'local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap'],
  ...['-virtfs', `local,path=${share},mount_tag=share,security_model=none`],
];

const KERNEL =
  'console=ttyS0 quiet loglevel=3 panic=-1 oops=panic mitigations=off cryptomgr.notests nokaslr tsc=reliable no_timer_check';
