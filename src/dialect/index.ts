export * from './iproute2/index.ts';
export * from './openvpn/index.ts';
export * from './nftables/index.ts';
export { parseIpsetSave } from './ipset/index.ts';
export * from './iptables/index.ts';
