import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/ip/index.ts';
import type { RoundTrip } from '../../src/trace/index.ts';
import { ask, directorNetwork, told, type Director } from './director.ts';

const MARK = '-A PREROUTING -s 198.51.100.10/32 -p tcp -m tcp --dport 80 -j MARK --set-mark 2000';
const BY_MARK: Director = {
  mangle: [MARK],
  ipvs: ['-A -f 2000 -s wlc', '-a -f 2000 -r 10.10.10.1:0 -m -w 1', '-a -f 2000 -r 10.10.10.2:0 -m -w 1'],
};
const one = (server: string): Director => ({ mangle: [MARK], ipvs: ['-A -f 2000 -s wlc', `-a -f 2000 -r ${server}`] });

const outcome = (d: Director, port = 80): string[] => told(ask(directorNetwork(d), port));

/** What the steps of the way there did. */
const kinds = ({ forward }: RoundTrip): string[] => forward.hops.flatMap((h) => h.steps.map((x) => x.action.kind));

/** Addresses that the last host of the way there got. */
const arrived = ({ forward }: RoundTrip): string => {
  const { source, destination, destinationPort } = forward.hops.at(-1)!.after;
  return `${formatAddress(source)} > ${formatAddress(destination)}:${destinationPort}`;
};

describe('a virtual server by mark', () => {
  it('gives marked packets to each of its real servers, and the answer its own address', () => {
    const trip = ask(directorNetwork(BY_MARK));
    expect(told(trip)).toEqual(['page1 answered reply', 'page2 answered reply']);
    expect(arrived(trip)).toBe('198.51.100.10 > 10.10.10.1:80');
    expect(formatAddress(trip.return!.hops.at(-1)!.before.source)).toBe('203.0.113.10');
  });

  it('leaves the others to the site', () => {
    expect(told(ask(directorNetwork(BY_MARK), 443))).toEqual(['www answered reply']);
    expect(told(ask(directorNetwork(BY_MARK), 80, 'isp'))).toEqual(['www answered reply']);
  });

  it('compares the whole mark', () => {
    expect(outcome({ ...BY_MARK, mangle: [MARK.replace('2000', '0x107d0')] })).toEqual(['www answered reply']);
  });

  it('wins over one by address', () => {
    const ipvs = [
      '-A -t 203.0.113.10:80 -s rr',
      '-a -t 203.0.113.10:80 -r 10.10.10.2:80 -m',
      ...one('10.10.10.1:0 -m').ipvs,
    ];
    expect(outcome({ mangle: [MARK], ipvs })).toEqual(['page1 answered reply']);
    expect(told(ask(directorNetwork({ ipvs })))).toEqual(['page2 answered reply']);
  });

  it('does not take packets that are sent on, unless a rule makes their address local', () => {
    const to = (d: Director): RoundTrip => ask(directorNetwork(d), 80, 'visitor', '10.10.10.2');
    const behind = one('10.10.10.1:0 -m');
    expect(told(to(behind))).toEqual(['page2 answered reply']);
    expect(kinds(to(behind))).toContain('passed-by');
    const more = ['rules: [fwmark 2000 lookup 200]'];
    expect(told(to({ ...behind, more, routes: ['local default dev lo table 200'] }))).toEqual(['page1 answered reply']);
  });

  it('that is not there lets the packet go on to the machine, and the step says so', () => {
    const trip = ask(directorNetwork({ mangle: [MARK], ipvs: ['-A -f 200 -s wlc', '-a -f 200 -r 10.10.10.1:0 -m'] }));
    expect(told(trip)).toEqual(['www answered reply']);
    expect(kinds(trip)).toContain('no-virtual-server');
  });

  it('keeps the port where a real server has none, else moves every port', () => {
    const any = [MARK.replace(' --dport 80', '')];
    const at = (server: string, port: number): string =>
      arrived(ask(directorNetwork({ ...one(server), mangle: any }), port));
    expect(at('10.10.10.1:0 -m', 443)).toBe('198.51.100.10 > 10.10.10.1:443');
    expect(at('10.10.10.1:8080 -m', 443)).toBe('198.51.100.10 > 10.10.10.1:8080');
  });
});

describe('a virtual server by address', () => {
  const at = '203.0.113.10:80';
  it('translates address and port, and back', () => {
    const trip = ask(directorNetwork({ ipvs: [`-A -t ${at} -s rr`, `-a -t ${at} -r 10.10.10.1:8080 -m`] }));
    expect(told(trip)).toEqual(['page1 answered reply']);
    expect(arrived(trip)).toBe('198.51.100.10 > 10.10.10.1:8080');
  });

  it('takes all ports of its address only when it is persistent', () => {
    const all = (persistent: string): string[] =>
      outcome({ ipvs: [`-A -t 203.0.113.10:0 -s rr${persistent}`, '-a -t 203.0.113.10:0 -r 10.10.10.1:0 -m'] });
    expect(all(' -p 300')).toEqual(['page1 answered reply']);
    expect(all('')).toEqual(['203.0.113.10 refused refused'.replace('203.0.113.10', 'www')]);
  });
});

describe('real servers', () => {
  const refused = ['www refused refused'];
  it('with weight 0 get nothing new', () => {
    const ipvs = ['-A -f 2000 -s wlc', '-a -f 2000 -r 10.10.10.1:0 -m -w 0', '-a -f 2000 -r 10.10.10.2:0 -m -w 1'];
    expect(outcome({ mangle: [MARK], ipvs })).toEqual(['page2 answered reply']);
  });

  it('that are all quiesced, or none: the visitor is refused', () => {
    expect(outcome(one('10.10.10.1:0 -m -w 0'))).toEqual(refused);
    expect(outcome({ mangle: [MARK], ipvs: ['-A -f 2000 -s wlc'] })).toEqual(refused);
  });

  it('on the director itself answer for the virtual server', () => {
    const trip = ask(directorNetwork(one('10.10.10.254:8080 -m')));
    expect(told(trip)).toEqual(['www answered reply']);
    expect(arrived(trip)).toBe('198.51.100.10 > 10.10.10.254:8080');
    expect(outcome(one('127.0.0.1:8080 -m'))).toEqual(['www no-answer timeout']);
  });

  it('without a route of the director: the visitor hears so', () => {
    const more = ['rules: [from all to 10.10.10.1 unreachable]'];
    expect(outcome({ ...one('10.10.10.1:0 -m'), more })).toEqual(['www refused refused']);
  });

  it('whose answers do not come by the director are not believed', () => {
    const page1 =
      '{ on: { pages: 10.10.10.1, outside: 203.0.113.77 }, routes: [default via 203.0.113.1], filter: none }';
    expect(outcome({ ...one('10.10.10.1:0 -m'), page1 })).toEqual(['page1 no-answer timeout']);
  });
});

describe('connection tracking', () => {
  const invalid = ['-A FORWARD -m conntrack --ctstate INVALID -j DROP'];
  const base: Director = { ...one('10.10.10.1:0 -m'), filter: invalid };

  it('calls answers invalid, unless vs.conntrack is on', () => {
    expect(outcome(base)).toEqual(['page1 no-answer timeout']);
    expect(outcome({ ...base, settings: { 'net.ipv4.vs.conntrack': 1 } })).toEqual(['page1 answered reply']);
  });

  it('masquerades towards a real server only with vs.conntrack', () => {
    const page1 = '{ on: { pages: 10.10.10.1 }, routes: [10.20.0.0/16 via 10.10.10.2], filter: none }';
    const nat = ['-A POSTROUTING -o eth1 -j MASQUERADE'];
    const d = { ...one('10.10.10.1:0 -m'), page1, nat };
    expect(outcome(d)).toEqual(['page1 no-answer timeout']);
    const trip = ask(directorNetwork({ ...d, settings: { 'net.ipv4.vs.conntrack': 1 } }));
    expect(told(trip)).toEqual(['page1 answered reply']);
    expect(arrived(trip)).toBe('10.10.10.254 > 10.10.10.1:80');
  });
});

describe('direct routing and tunnels', () => {
  const on = (more: string): string =>
    `{ on: { pages: 10.10.10.1 }, ${more} routes: [default via 10.10.10.254], filter: none }`;
  const vip = 'interfaces: { lo: 203.0.113.10/32 },';
  // else it would answer ARP for the director's address
  const SILENT = 'settings: { net.ipv4.conf.all.arp_ignore: 1 },';

  it('leave the packet as it is: the real server needs the address itself', () => {
    const d = one('10.10.10.1:0 -g');
    const trip = ask(directorNetwork({ ...d, page1: on(vip) }));
    expect(told(trip)).toEqual(['page1 no-answer timeout']);
    expect(arrived(trip)).toBe('198.51.100.10 > 203.0.113.10:80');
  });

  it('answer past the director, which would call its own address a martian', () => {
    const page1 = `{ on: { pages: 10.10.10.1, outside: 203.0.113.77 }, ${vip} ${SILENT} routes: [default via 203.0.113.1], filter: none }`;
    expect(outcome({ ...one('10.10.10.1:0 -g'), page1 })).toEqual(['page1 answered reply']);
  });

  it('need a tunnel interface that unpacks, without rp_filter', () => {
    const page1 = (more: string): string =>
      `{ on: { pages: 10.10.10.1, outside: 203.0.113.77 }, ${more} routes: [default via 203.0.113.1], filter: none }`;
    const d = one('10.10.10.1:0 -i');
    // the director passes the page server's ICMP error on
    expect(outcome({ ...d, page1: page1('') })).toEqual(['www refused refused']);
    const tunnel = 'interfaces: { tunl0: 203.0.113.10/32 },';
    expect(outcome({ ...d, page1: page1(`${tunnel} ${SILENT}`) })).toEqual(['page1 answered reply']);
    const strict = `${tunnel} settings: { net.ipv4.conf.all.arp_ignore: 1, net.ipv4.conf.tunl0.rp_filter: 1 },`;
    expect(outcome({ ...d, page1: page1(strict) })).toEqual(['www no-answer timeout']);
  });
});
