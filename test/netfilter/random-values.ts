export const NAMES = ['t0', 't1', 'lo', 't9'];
export const FAR: Readonly<Record<4 | 6, readonly string[]>> = {
  4: ['10.0.0.5', '10.0.0.6', '10.1.0.8', '10.1.0.9', '198.51.100.7'],
  6: ['fd00:0::5', 'fd00:0::6', 'fd00:1::8', 'fd00:1::9', '2001:db8::7'],
};
export const OWN: Readonly<Record<4 | 6, readonly string[]>> = {
  4: ['10.0.0.1', '10.1.0.2'],
  6: ['fd00:0::1', 'fd00:1::1'],
};
export const BLOCKS = {
  4: ['10.0.0.0/24', '10.1.0.0/24', '10.0.0.0/8', '10.1.0.8/31'],
  6: ['fd00::/64', 'fd00:1::/64', 'fd00::/16', 'fd00:1::8/127'],
};
export const PORTS = [80, 81, 443, 1000, 1001, 1002];
