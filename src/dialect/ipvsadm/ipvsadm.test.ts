import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../ip/index.ts';
import type { VirtualServer } from '../../model/index.ts';
import { parseIpvsadmSave, parseProcIpVs } from './index.ts';

const told = (services: readonly VirtualServer[]): string[] =>
  services.flatMap((s) => {
    const { match } = s;
    const at =
      match.kind === 'mark' ? `mark ${match.mark}` : `${match.protocol} ${formatAddress(match.address)} ${match.port}`;
    const servers = s.realServers.map(
      (r) => `  ${formatAddress(r.address)} ${r.port} ${r.method} ${r.tunnelType} ${r.weight} line ${r.fact.line}`,
    );
    return [`v${s.family} ${at} ${s.scheduler}${s.persistent ? ' persistent' : ''}`, ...servers];
  });

describe('ipvsadm-save -n', () => {
  // as ipvsadm 1.31 prints it
  const text = `-A -t 203.0.113.10:80 -s wlc
-a -t 203.0.113.10:80 -r 10.10.10.1:80 -m -w 1
-a -t 203.0.113.10:80 -r 10.10.10.2:8080 -m -w 0
-A -u 203.0.113.10:53 -s rr -p 300 -o
-a -u 203.0.113.10:53 -r 10.10.10.3:53 -g -w 100
-A -f 2000 -s sh -b sh-fallback
-a -f 2000 -r 10.10.10.1:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum
-A -f 2000 -6 -s wrr
-a -f 2000 -6 -r [2001:db8:10::1]:0 -m -w 2 -x 100 -y 10
-A -t [2001:db8::80]:443 -s wlc -p 60 -M 64
-a -t [2001:db8::80]:443 -r [2001:db8:10::1]:443 -m -w 1
`;

  it('is read line by line', () => {
    const { value, diagnostics } = parseIpvsadmSave(text, 'ipvsadm-save -n');
    expect(diagnostics).toEqual([]);
    expect(told(value)).toEqual([
      'v4 6 203.0.113.10 80 wlc',
      '  10.10.10.1 80 nat ipip 1 line 2',
      '  10.10.10.2 8080 nat ipip 0 line 3',
      'v4 17 203.0.113.10 53 rr persistent',
      '  10.10.10.3 53 direct ipip 100 line 5',
      'v4 mark 2000 sh',
      '  10.10.10.1 0 tunnel gue 1 line 7',
      'v6 mark 2000 wrr',
      '  2001:db8:10::1 0 nat ipip 2 line 9',
      'v6 6 2001:db8::80 443 wlc persistent',
      '  2001:db8:10::1 443 nat ipip 1 line 11',
    ]);
  });

  it('is read from a script with long options too', () => {
    const script = 'sudo ipvsadm --add-service --fwmark-service 7 --scheduler=rr\nipvsadm -a -f 7 -r 10.0.0.1 --ipip\n';
    const { value, diagnostics } = parseIpvsadmSave(script, 'x');
    expect(diagnostics).toEqual([]);
    expect(told(value)).toEqual(['v4 mark 7 rr', '  10.0.0.1 0 tunnel ipip 1 line 2']);
  });

  it('names what it cannot read, with its place', () => {
    const bad =
      '-A -t www:80 -s wlc\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1\n-A -f 1 -s rr\n-a -f 1 -r nobody:80 -m\n-Z\n';
    const { value, diagnostics } = parseIpvsadmSave(bad, 'x');
    expect(told(value)).toEqual(['v4 mark 1 rr']);
    expect(diagnostics.map((d) => `${d.code} ${d.span?.line}:${d.span?.column}`)).toEqual([
      'line-unknown 1:1',
      'set-missing 2:1',
      'value-invalid 4:12',
      'line-unknown 5:1',
    ]);
  });
});

describe('/proc/net/ip_vs', () => {
  // as ip_vs_info_seq_show prints it
  const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  CB00710A:0050 wlc 
  -> 0A0A0A02:1F90      Masq    0      0          0         
  -> 0A0A0A01:0050      Masq    1      3          1         
UDP  CB00710A:0035 rr ops persistent 300 FFFFFFFF
  -> 0A0A0A03:0035      Route   100    0          0         
FWM  000007D0 wlc 
  -> 0A0A0A01:0000      Tunnel  1      0          0         
FWM  000007D0 wlc 
  -> [2001:0db8:0010:0000:0000:0000:0000:0001]:0000      Masq    2      0          0         
TCP  [2001:0db8:0000:0000:0000:0000:0000:0080]:01BB wlc 
`;

  it('is read', () => {
    const { value, diagnostics } = parseProcIpVs(text, '/proc/net/ip_vs');
    expect(diagnostics).toEqual([]);
    expect(told(value)).toEqual([
      'v4 6 203.0.113.10 80 wlc',
      '  10.10.10.2 8080 nat ipip 0 line 5',
      '  10.10.10.1 80 nat ipip 1 line 6',
      'v4 17 203.0.113.10 53 rr persistent',
      '  10.10.10.3 53 direct ipip 100 line 8',
      'v4 mark 2000 wlc',
      '  10.10.10.1 0 tunnel ipip 1 line 10',
      'v6 mark 2000 wlc',
      '  2001:db8:10::1 0 nat ipip 2 line 12',
      'v6 6 2001:db8::80 443 wlc',
    ]);
  });

  it('names other lines', () => {
    expect(parseProcIpVs('TCP  xyz\n', 'x').diagnostics.map((d) => d.code)).toEqual(['line-unknown']);
  });
});

describe('no text', () => {
  const piece = fc.constantFrom(
    '-A', '-a', '-t', '-f', '-r', '-6', '-w', '-p', '10.0.0.1:80', '[::1]:80', '2000', ' ', '\n', '-m', '--weight=', 'TCP  ',
    'FWM  000007D0 wlc', '  -> 0A0A0A01:0050      Masq    1      0          0',
  ); // prettier-ignore
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }).map((p) => p.join(' ')),
  );

  it('makes either reader throw', () => {
    fc.assert(
      fc.property(text, (t) => {
        for (const read of [parseIpvsadmSave, parseProcIpVs]) {
          const lines = t.split('\n').length;
          for (const d of read(t, 'x').diagnostics) expect(d.span?.line ?? 1).toBeLessThanOrEqual(lines);
        }
      }),
      { numRuns: 500 },
    );
  });
});
