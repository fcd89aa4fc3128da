import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../ip/index.ts';
import { loadText, type Files } from './index.ts';

const none: Files = { read: () => null, list: () => [] };

/** A server with one client file, and a branch that calls itself `branch1`. */
const office = (file: string, behind = '10.2.0.0'): string => `
networks: { office: 10.1.0.0/24, branch: 10.2.0.0/24, internet: internet }
hosts:
  server:
    on: { office: 10.1.0.1, internet: 198.51.100.2 }
    openvpn:
      config: "dev tun\\ntopology subnet\\nserver 10.99.0.0 255.255.255.0\\nclient-config-dir ccd\\n"
      ccd: { ${file}: "iroute ${behind} 255.255.255.0\\n" }
  gate:
    on: { branch: 10.2.0.1, internet: 203.0.113.7 }
    openvpn: { config: "client\\ndev tun\\nremote 198.51.100.2\\n", common-name: branch1 }
`;

const load = (...file: Parameters<typeof office>): ReturnType<typeof loadText> =>
  loadText(office(...file), 'net.yaml', none);

describe('a client whose common name is said', () => {
  it('gets what its file says, whatever its host is called', () => {
    const { value, diagnostics } = load('branch1');
    expect(diagnostics.filter((d) => d.severity !== 'note')).toEqual([]);
    const clients = value.tunnels[0]!.clients.map((c) => [
      c.commonName,
      c.host,
      c.iroutes.map((r) => formatPrefix(r.prefix)),
    ]);
    expect(clients).toEqual([['branch1', 'gate', ['10.2.0.0/24']]]);
  });

  it.each(['Branch1', 'branch1.txt', 'branch-1', 'gatehouse'])(
    'is missed by a file called %s, which is said',
    (file) => {
      const { value, diagnostics } = load(file);
      expect(diagnostics.filter((d) => d.severity !== 'note')).toMatchObject([
        { code: 'name-unknown', severity: 'warning', hint: "did you mean 'branch1'?" },
      ]);
      expect(value.tunnels[0]!.clients.map((c) => [c.commonName, c.host])).toEqual([
        [file, undefined],
        ['branch1', 'gate'],
      ]);
      expect(value.tunnels[0]!.clients[0]).toMatchObject({ connected: false, meantFor: 'branch1' });
    },
  );

  it('is not taken for one of another name with another network behind it', () => {
    expect(load('branch2', '10.3.0.0').diagnostics.filter((d) => d.severity !== 'note')).toEqual([]);
  });
});
