import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../ip/index.ts';
import { aliveInIpvs } from './ipvs-alive.ts';

// as Linux 6.1 writes it
const LISTING = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  CB007150:0050 wlc 
  -> 0A0A0A09:0050      Masq    1      0          0         
TCP  [2001:0db8:0080:0000:0000:0000:0000:0080]:01BB wlc 
  -> [fd00:0010:0000:0000:0000:0000:0000:0009]:01BB      Masq    1      0          0         
FWM  000007D0 wlc 
  -> 0A0A0A02:0000      Masq    3      0          0         
  -> 0A0A0A01:0050      Route   0      0          2         
FWM  000007D1 wlc 
FWM  000007D0 wlc 
  -> [fd00:0010:0000:0000:0000:0000:0000:0001]:0000      Masq    1      0          0         
`;
const of = (mark: number): readonly string[] | null =>
  aliveInIpvs(LISTING, mark)?.map((s) => `${formatAddress(s.address)} ${s.weight}`) ?? null;

describe("what the kernel's virtual servers lead to", () => {
  it('is known by the mark, of both families, without those that take no more', () => {
    expect(of(2000)).toEqual(['10.10.10.2 3', 'fd00:10::1 1']);
  });
  it('is nobody where no server is left, and null where no virtual server has the mark', () => {
    expect(of(2001)).toEqual([]);
    expect(of(80)).toBe(null);
    expect(aliveInIpvs('', 2000)).toBe(null);
  });
});
