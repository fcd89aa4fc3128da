import { describe, expect, it } from 'vitest';
import { markFaults, markUses, type MarkProgram } from './mark-users.ts';

const codes = (by: MarkProgram, listing: string, mark = 2000): readonly string[] =>
  markFaults(markUses(by, listing), mark).map((d) => d.code);

describe('who uses marks', () => {
  it.each<readonly [MarkProgram, string]>([
    ['iptables', '-A PREROUTING -s 1.2.3.4/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x7d0/0xffffffff'],
    ['iptables', '-A FORWARD -m mark --mark 0x7d0 -j ACCEPT'],
    ['ip6tables', '-A FORWARD -m mark --mark 0x40/0x40 -j DROP'],
    ['ip6tables', '-A FORWARD -m mark ! --mark 0x0/0xff -j DROP'],
    ['nft', 'table inet x {\n\tchain c {\n\t\tmeta mark 0x000007d0 accept\n'],
    ['nft', 'table inet x {\n\tchain c {\n\t\tmeta mark & 0x00000040 == 0x00000040 drop\n'],
    ['nft', 'table inet x {\n\tchain c {\n\t\tct mark set 0x000007d0\n'],
    ['nft', 'table inet x {\n\tchain c {\n\t\tmeta mark != 0x00000000 drop\n'],
    ['ip rule', '0:\tfrom all lookup local\n100:\tfrom all fwmark 0x7d0 lookup 200'],
    ['ip -6 rule', '100:\tfrom all fwmark 0x10/0xff0 lookup 200\n101:\tfrom all fwmark 0x7d0/0xfff0 lookup 200'],
    ['wg', 'wg0\toff\nwg1\t0x7d0'],
  ])('is found out where it is the same: %s %s', (by, listing) => {
    expect(codes(by, listing)).toEqual(['mark-taken']);
  });
  it.each<readonly [MarkProgram, string]>([
    ['iptables', '-A FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT'],
    ['iptables', '-A WAYMARK-LEAD -j MARK --set-xmark 0x7d0/0xffffffff'],
    ['iptables', '-A FORWARD -m mark ! --mark 0x1 -j ACCEPT'],
    ['nft', 'table inet waymark {\n\tchain to-page4 {\n\t\tmeta mark set 0x000007d0\n'],
    ['nft', 'table inet x {\n\tchain c {\n\t\tmeta mark & 0x0000ff00 == 0x00001200 drop\n'],
    ['ip rule', '32764:\tnot from all fwmark 0xca6c lookup 51820'],
    ['ip rule', '100:\tfrom all fwmark 0/0x8000 lookup 200'],
    ['wg', 'wg0\toff\nwg1\t0xca6c'],
  ])('is nobody where packets of the mark are as all others: %s %s', (by, listing) => {
    expect(codes(by, listing)).toEqual([]);
  });
  it.each<readonly [MarkProgram, string]>([
    ['iptables', '-A PREROUTING -j MARK --set-xmark 0x10000/0x10000'],
    ['iptables', '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff'],
    ['nft', 'table inet x {\n\tchain c {\n\t\tmeta mark set meta mark | 0x00010000\n'],
  ])('is said where others set other marks: %s %s', (by, listing) => {
    expect(codes(by, listing)).toEqual(['mark-shared']);
  });
  it('is said with the rule', () => {
    const [fault] = markFaults(markUses('ip rule', '100:\tfrom all fwmark 0x7d0 lookup 200'), 2000);
    expect(fault!.message).toBe('ip rule acts on packets of the mark 2000: 100: from all fwmark 0x7d0 lookup 200');
  });
});
