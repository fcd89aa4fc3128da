import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** What a virtual machine starts from. Paths. */
export interface VmImage {
  readonly kernel: string;
  readonly initrd: string;
  /** Where `modprobe -d` finds the kernel's modules. */
  readonly modules: string;
}

/** Programs that make and run the image. */
export const VM_PROGRAMS = ['qemu-system-x86_64', 'busybox', 'cpio', 'modprobe', 'xz', 'apt-get'];

/** Counted up whenever what the image holds changes. */
const RECIPE = 1;
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'waymark', `vm-${RECIPE}`);

/** Of the 400 MB of modules, those a network needs. In tar's patterns `*` stands for `/` too. */
const MODULES = [
  'net/*',
  ...['veth', 'tun', 'dummy', 'vrf', 'macvlan', 'ifb'].map((m) => `drivers/net/${m}.ko*`),
  ...['wireguard', 'vxlan', 'ipvlan'].map((m) => `drivers/net/${m}/*`),
  ...['drivers/virtio/*', 'fs/9p/*', 'fs/fscache/*', 'fs/netfs/*', 'lib/*', 'crypto/*', 'arch/x86/crypto/*'],
];

/** The image, made of Debian's kernel the first time (70 MB are fetched), from then on kept in the user's cache. */
export function vmImage(): VmImage {
  const image: VmImage = { kernel: join(CACHE, 'vmlinux'), initrd: join(CACHE, 'initrd.gz'), modules: CACHE };
  if (existsSync(CACHE)) return image;
  mkdirSync(join(CACHE, '..'), { recursive: true });
  const work = mkdtempSync(`${CACHE}-`);
  try {
    const version = fetchKernel(work);
    unpackKernel(join(work, 'boot', `vmlinuz-${version}`), join(work, 'vmlinux'));
    packInitrd(work, version);
    for (const name of ['boot', 'initrd']) rmSync(join(work, name), { recursive: true });
    // somebody else may have been quicker
    if (!existsSync(CACHE)) renameSync(work, CACHE);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return image;
}

const run = (cwd: string, program: string, args: readonly string[]): string =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e9 });

/** Fetches the newest kernel package and unpacks what is needed. The kernel's version. */
function fetchKernel(work: string): string {
  const name = kernelPackage() ?? (run(work, 'apt-get', ['-qq', 'update']), kernelPackage());
  if (name === null) throw new Error('apt knows no linux-image-amd64');
  run(work, 'apt-get', ['-q', 'download', name]);
  const file = readdirSync(work).find((f) => f.endsWith('.deb'))!;
  const version = name.replace('linux-image-', '');
  const patterns = MODULES.map((m) => `./lib/modules/*/kernel/${m}`);
  const wanted = ['./boot/vmlinuz-*', './lib/modules/*/modules.*', ...patterns];
  const script = 'dpkg-deb --fsys-tarfile "$0" | tar -x --wildcards "$@" 2>tar.log';
  // tar fails for a pattern that fits nothing; what is really missing shows below
  spawnSync('sh', ['-c', script, file, ...wanted], { cwd: work });
  rmSync(join(work, file));
  run(work, 'depmod', ['-b', '.', version]);
  return version;
}

function kernelPackage(): string | null {
  const { stdout } = spawnSync('apt-cache', ['depends', 'linux-image-amd64'], { encoding: 'utf8' });
  return /Depends: (linux-image-\S+)/.exec(stdout)?.[1] ?? null;
}

/**
 * Unpacks the kernel here: the emulated machine would need seconds for it at every start. Linux, Documentation/arch/x86/boot.rst:
 * setup_sects at 0x1f1, payload_offset at 0x248, payload_length at 0x24c.
 */
function unpackKernel(from: string, to: string): void {
  const packed = readFileSync(from);
  const start = (packed[0x1f1]! + 1) * 512 + packed.readUInt32LE(0x248);
  const payload = packed.subarray(start, start + packed.readUInt32LE(0x24c));
  const unpacked = spawnSync('xz', ['-dc', '--single-stream'], { input: payload, maxBuffer: 1e9 });
  // one that is packed in another way starts too, only later
  if (unpacked.status === 0) writeFileSync(to, unpacked.stdout);
  else copyFileSync(from, to);
}

/** The first file system: busybox, `init.sh`, and the modules that the host's files are reached with, in their order. */
function packInitrd(work: string, version: string): void {
  const root = join(work, 'initrd');
  for (const folder of ['bin', 'modules', 'proc', 'root']) mkdirSync(join(root, folder), { recursive: true });
  cpSync(run(work, 'sh', ['-c', 'command -v busybox']).trim(), join(root, 'bin/busybox'), { dereference: true });
  copyFileSync(join(import.meta.dirname, 'init.sh'), join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  const needed = ['virtio_pci', '9pnet_virtio', '9p'].flatMap((m) =>
    [...run(work, 'modprobe', ['-d', '.', '-S', version, '--show-depends', m]).matchAll(/^insmod (\S+)/gm)].map(
      (f) => f[1]!,
    ),
  );
  const order = [...new Set(needed)];
  for (const file of order) copyFileSync(file, join(root, 'modules', basename(file)));
  writeFileSync(join(root, 'modules/order'), order.map((f) => `${basename(f)}\n`).join(''));
  run(root, 'sh', ['-c', 'find . | cpio -o -H newc --quiet | gzip -1 >../initrd.gz']);
}
