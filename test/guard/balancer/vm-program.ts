import { runCheck } from './check.ts';
import { makeBalancer, stageIn } from './balancer.ts';
import { VM_CHECKS } from './vm-checks.ts';

// runs inside the virtual machine, bundled, beside the actor
const balancer = await makeBalancer(stageIn(import.meta.dirname));
for (const check of VM_CHECKS) console.log(JSON.stringify(await runCheck(check, balancer)));
process.exit(0);
