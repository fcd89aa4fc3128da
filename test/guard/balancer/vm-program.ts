import { execFileSync } from 'node:child_process';
import { runCheck } from './check.ts';
import { makeBalancer, stageIn } from './balancer.ts';
import { VM_CHECKS } from './vm-checks.ts';

// runs inside the virtual machine, bundled, beside the actor
execFileSync('mount', ['-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup']);
const balancer = await makeBalancer(stageIn(import.meta.dirname));
for (const check of VM_CHECKS) console.log(JSON.stringify(await runCheck(check, balancer)));
process.exit(0);
