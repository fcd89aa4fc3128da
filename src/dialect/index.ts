export * from './iproute2/index.ts';
export * from './openvpn/index.ts';
