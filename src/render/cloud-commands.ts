import { formatAddress } from '../ip/index.ts';
import type { Host } from '../model/index.ts';

/** What to do in a cloud so that the host may send and get for others on the link. ID is its network interface's. */
export function checkCommands(host: Host, link: string): { apply: string[]; persist: string[]; undo: string[] } {
  const own = host.interfaces.filter((i) => i.link === link).flatMap((i) => i.addresses);
  const address = own[0] ? formatAddress(own[0].address) : host.name;
  const aws = 'aws ec2 modify-network-interface-attribute --network-interface-id ID';
  return {
    apply: [
      `# in the cloud, for the network interface that has ${address}; one of:`,
      `#   AWS: ${aws} --no-source-dest-check`,
      '#   Azure: az network nic update --ids ID --ip-forwarding true',
      '#   GCP: canIpForward, which is chosen when the machine is made',
    ],
    persist: ['# the cloud keeps it'],
    undo: [`# AWS: ${aws} --source-dest-check`],
  };
}
