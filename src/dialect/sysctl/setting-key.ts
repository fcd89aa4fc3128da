/**
 * The key below /proc/sys/net for a name as sysctl(8) takes it, or null for a name outside `net`, also by `..`. Where the first separator
 * is a dot, dots separate and a slash stands for a dot in an interface's name: `net.ipv4.conf.eth0/100.rp_filter` and
 * `net/ipv4/conf/eth0.100/rp_filter` are both `ipv4/conf/eth0.100/rp_filter`.
 */
export function settingKey(name: string): string | null {
  const first = /[./]/.exec(name)?.[0];
  const path = first === '.' ? name.replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.')) : name;
  const [top, ...parts] = path.split('/');
  const isInside = top === 'net' && parts.length > 0 && parts.every((part) => !['', '.', '..'].includes(part));
  return isInside ? parts.join('/') : null;
}

/** The name for sysctl(8): `net.ipv4.conf.eth0/100.rp_filter`. */
export const settingName = (key: string): string => `net.${key.replace(/[./]/g, (mark) => (mark === '/' ? '.' : '/'))}`;
