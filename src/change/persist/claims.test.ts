import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../../host/index.ts';
import { claimsOn, decide } from './index.ts';

const NETS = { 'readlink /proc/self/ns/net': 'net:[1]\n', 'readlink /proc/1/ns/net': 'net:[1]\n' };
const NMCLI = 'nmcli -t -e no -f DEVICE,FILENAME connection show --active';
const NETPLAN = 'network:\n  ethernets:\n    lan: {set-name: eth0}\n';
const IFACE = 'auto eth0\niface eth0 inet dhcp\n';
const LINK = { '/sys/class/net/eth0/ifindex': '2\n' };
const linkState = (file: string): Record<string, string> => ({
  ...LINK,
  '/run/systemd/netif/links/2': `ADMIN_STATE=configured\nNETWORK_FILE=${file}\n`,
});

async function keeper(files: Record<string, string>, commands: Record<string, string> = {}): Promise<string> {
  const machine = fakeMachine({ files, commands: { ...NETS, ...commands } });
  const found = decide('eth0', await claimsOn(machine, 'eth0'));
  return found.ok ? `${found.value.by} ${found.value.id} ${found.value.file}` : `${found.code}: ${found.message}`;
}

describe('who keeps the routes of a link', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['systemd-networkd eth0 /usr/lib/systemd/network/80-x.network', linkState('/usr/lib/systemd/network/80-x.network'), {}], // prettier-ignore
    ['netplan lan /etc/netplan/1.yaml', { ...linkState('/run/systemd/network/10-netplan-lan.network'), '/etc/netplan/1.yaml': NETPLAN }, {}], // prettier-ignore
    ['netplan lan /etc/netplan/1.yaml', { '/etc/netplan/1.yaml': NETPLAN }, { [NMCLI]: 'lo:/x\neth0:/run/NetworkManager/system-connections/netplan-lan.nmconnection\n' }], // prettier-ignore
    ['NetworkManager eth0 /etc/NetworkManager/system-connections/lan.nmconnection', {}, { [NMCLI]: 'eth0:/etc/NetworkManager/system-connections/lan.nmconnection\n' }], // prettier-ignore
    ['ifcfg eth0 /etc/sysconfig/network-scripts/ifcfg-lan', { '/etc/sysconfig/network-scripts/ifcfg-eth0': '' }, { [NMCLI]: 'eth0:/etc/sysconfig/network-scripts/ifcfg-lan\n' }], // prettier-ignore
    ['ifupdown eth0 /etc/network/interfaces.d/lan.cfg', { '/etc/network/interfaces': 'source interfaces.d/*.cfg\n', '/etc/network/interfaces.d/lan.cfg': IFACE, '/etc/network/interfaces.d/no.old': IFACE }, {}], // prettier-ignore
  ])('%s', async (expected, files, commands) => {
    expect(await keeper(files, commands)).toBe(expected);
  });

  it('is who runs it, whatever other files say', async () => {
    const files = { ...linkState('/etc/systemd/network/1.network'), '/etc/network/interfaces': IFACE };
    expect(await keeper(files)).toBe('systemd-networkd eth0 /etc/systemd/network/1.network');
    expect(await keeper({ ...files, '/run/network/ifstate': 'eth0=eth0\n' })).toContain(
      'keeper-unclear: more than one',
    );
  });

  it('is not who runs elsewhere, or names other links', async () => {
    const files = linkState('/etc/systemd/network/1.network');
    expect(await keeper(files, { 'readlink /proc/1/ns/net': 'net:[2]\n' })).toContain('keeper-unclear: nobody');
    expect(await keeper({ '/etc/systemd/network/1.network': '[Match]\nName=!eth0 en*\n' })).toContain('nobody');
  });
});
