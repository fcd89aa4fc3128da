import { describe, expect, it } from 'vitest';
import { inVm, runInVm, whyNoVm } from './run-in-vm.ts';

describe.skipIf(whyNoVm(['ipvsadm']) !== null)('a virtual machine', () => {
  it('runs a script with the files of this machine and a kernel that has IPVS', { timeout: 240_000 }, async () => {
    const here = inVm(import.meta.filename);
    const script = `
      uname -r
      touch "$HOME/x" /tmp/x /var/lib/x && ! touch /etc/x 2>/dev/null && echo kept
      grep -c '^import .*vitest' '${here}'
      ip netns add a && ip netns exec a ipvsadm -A -f 2000 -s wlc && ip netns exec a ipvsadm -Sn
      exit 42`;
    const { code, output } = await runInVm(script);
    expect(output).toMatch(/^\d+\.\d+\.\d+-\d+-amd64\nkept\n1\n-A -f 2000 -s wlc\n$/);
    expect(code).toBe(42);
  });
  it('is stopped when its time is over', { timeout: 60_000 }, async () => {
    await expect(runInVm('sleep 60', 3000)).rejects.toThrow('stopped after 3000 ms');
  });
});
