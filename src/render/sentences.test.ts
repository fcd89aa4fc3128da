import { describe, expect, it } from 'vitest';
import { CAUSE_CODES, type CauseCode, type Finding } from '../diagnose/index.ts';
import { OUTCOMES, type Action, type Sees } from '../trace/index.ts';
import { causeSentence } from './cause-sentence.ts';
import { outcomeWords } from './outcome-sentence.ts';
import { refusalWords } from './refusal-words.ts';
import { flowName, seesSentence } from './sees-sentence.ts';
import { loserSentence, stepSentence } from './step-sentence.ts';
import { packetWords } from './packet-words.ts';
import { address, packetOf, ping, route, tcp } from './test-support/build.ts';

const echo = ping('10.8.0.6', '10.5.5.20');
const ssh = tcp('10.8.0.6', '10.5.5.20', 22);
const refusal = (type: number, code: number) =>
  ({ host: 'router', from: address('10.5.5.1'), kind: 'icmp', type, code }) as const;
const reset = { ...refusal(0, 0), kind: 'tcp-reset' } as const;

describe('what the sender sees', () => {
  it.each<[Sees, string, string]>([
    [
      { kind: 'reply', from: address('10.5.5.20') },
      'ping gets a reply from 10.5.5.20.',
      'tcp/22 gets a reply from 10.5.5.20.',
    ],
    [{ kind: 'timeout' }, 'ping times out.', 'tcp/22 times out.'],
    [{ kind: 'hang' }, 'ping opens and then hangs.', 'tcp/22 opens and then hangs.'],
    [
      { kind: 'refused', refusal: refusal(3, 1) },
      'ping says: Destination Host Unreachable from 10.5.5.1.',
      'tcp/22 says: No route to host from 10.5.5.1.',
    ],
    [
      { kind: 'refused', refusal: refusal(3, 3) },
      'ping says: Destination Port Unreachable from 10.5.5.1.',
      'tcp/22 says: Connection refused.',
    ],
    [{ kind: 'refused', refusal: reset }, 'ping says: Connection refused.', 'tcp/22 says: Connection refused.'],
    [
      { kind: 'local-error', error: 'ENETUNREACH' },
      'ping says: Network is unreachable, at once.',
      'tcp/22 says: Network is unreachable, at once.',
    ],
    [{ kind: 'unknown' }, 'what ping sees is not known.', 'what tcp/22 sees is not known.'],
  ])('%j', (sees, pinged, connected) => {
    expect(seesSentence(echo, sees)).toBe(pinged);
    expect(seesSentence(ssh, sees)).toBe(connected);
  });

  it('has words for IPv6, and for codes nobody knows', () => {
    const six = { ...echo, source: address('2001:db8::1'), destination: address('2001:db8::2') };
    expect(refusalWords(six, refusal(1, 0))).toBe('Destination unreachable: No route');
    expect(refusalWords({ ...six, protocol: 'tcp' }, refusal(1, 4))).toBe('Connection refused');
    expect(refusalWords(echo, refusal(42, 7))).toBe('ICMP error type 42 code 7');
    expect(flowName({ ...ssh, protocol: 'udp', destinationPort: 53 })).toBe('udp/53');
  });
});

describe('packets', () => {
  it('fit in a line', () => {
    expect(packetWords(packetOf(echo, true))).toBe('icmp echo reply 10.5.5.20 > 10.8.0.6 ttl 64');
    expect(packetWords({ ...packetOf(ssh, false), mark: 0x7d0 })).toBe(
      'tcp syn 10.8.0.6:40000 > 10.5.5.20:22 ttl 64 mark 0x7d0',
    );
    expect(packetWords(packetOf(tcp('2001:db8::1', '::2', 443), true))).toBe(
      'tcp syn+ack [::2]:443 > [2001:db8::1]:40000 ttl 64',
    );
    expect(packetWords({ ...packetOf(echo, false), icmpType: 3, icmpCode: 1 })).toContain('icmp type 3 code 1');
    expect(packetWords({ ...packetOf(echo, false), protocol: 47 })).toBe('protocol 47 10.8.0.6 > 10.5.5.20 ttl 64');
  });
});

describe('steps', () => {
  const office = route('10.5.5.0/24', null, 'eth0');
  const gateway = route('default', '10.5.5.1', 'eth0');
  const a = address('10.5.5.20');
  const said: [Action, string][] = [
    [{ kind: 'routed', destination: a, route: office, dev: 'eth0', via: null, losers: [] }, '10.5.5.20 matches 10.5.5.0/24: on eth0 itself'],
    [{ kind: 'routed', destination: a, route: gateway, dev: 'eth0', via: address('10.5.5.1'), losers: [], branch: { number: 1, of: 2 } }, '10.5.5.20 matches default: via 10.5.5.1 dev eth0, branch 1 of 2'],
    [{ kind: 'not-routed', destination: a, losers: [] }, 'no route to 10.5.5.20'],
    [{ kind: 'routed-by-source', destination: address('239.1.2.3'), dev: 'eth0' }, '239.1.2.3 is for all on eth0, which has the source address: no route is asked'],
    [{ kind: 'not-routed', destination: a, losers: [], route: { ...office, type: 'blackhole' } }, '10.5.5.20 matches blackhole 10.5.5.0/24: thrown away'],
    [{ kind: 'source-checked', mode: 'strict', passed: false, back: 'eth1' }, 'source check (strict) failed: the way back leads out of eth1'],
    [{ kind: 'source-checked', mode: 'loose', passed: true, back: null }, 'source check (loose) passed'],
    [{ kind: 'forwarding-checked', on: false, dev: 'tun0' }, 'forwarding is off for packets that come in on tun0'],
    [{ kind: 'filter', table: 'ip filter', chain: 'FORWARD', verdict: 'drop', byPolicy: true, rulesMet: 3 }, 'ip filter FORWARD drops it by its policy'],
    [{ kind: 'filter', table: 'inet f', chain: 'input', verdict: 'reject', byPolicy: false, rulesMet: 1 }, 'inet f input rejects it'],
    [{ kind: 'marked', target: 'meta', mark: 2000, before: 0 }, 'mark set to 0x7d0 = 2000 (was 0x0)'],
    [{ kind: 'translated', what: 'source', from: address('10.8.0.6'), to: address('10.5.5.5'), fromPort: 1, toPort: 1, undone: false }, 'source 10.8.0.6 becomes 10.5.5.5'],
    [{ kind: 'translated', what: 'destination', from: a, to: a, fromPort: 80, toPort: 8080, undone: true }, 'destination 10.5.5.20:80 becomes 10.5.5.20:8080 (translation undone)'],
    [{ kind: 'tracked', state: 'invalid', why: 'no connection fits' }, 'connection tracking calls it invalid: no connection fits'],
    [{ kind: 'tunnelled', tunnel: 'vpn', to: 'laptop', by: 'iroute' }, 'through the tunnel vpn to laptop: the server knows the client by its iroute'],
    [{ kind: 'tunnel-refused', tunnel: 'vpn', why: 'no-client' }, 'the tunnel vpn drops it: no client owns the destination'],
    [{ kind: 'left', link: 'office', to: a, ask: 'waymark collect ssh://10.5.5.20' }, 'leaves what was collected: 10.5.5.20 on office; settle it with: waymark collect ssh://10.5.5.20'],
    [{ kind: 'no-neighbour', dev: 'eth0', link: 'office', to: a }, 'nobody on office (eth0) has 10.5.5.20'],
    [{ kind: 'too-big', mtu: 1400, length: 1500 }, 'the packet has 1500 bytes, 1400 go through, and it may not be cut'],
  ]; // prettier-ignore
  it.each(said)('%j', (action, sentence) => {
    expect(stepSentence({ stage: 'route', action, because: [] })).toBe(sentence);
  });
  it('names a policy rule unless everybody has it', () => {
    const rule = {
      family: 4,
      priority: 100,
      not: false,
      action: { kind: 'table', table: 100 },
      fact: { source: '', line: 0, text: '' },
    } as const;
    const action: Action = { kind: 'routed', destination: a, route: office, dev: 'eth0', via: null, losers: [], rule };
    expect(stepSentence({ stage: 'route', action, because: [] })).toMatch(/, by policy rule 100$/);
    expect(
      stepSentence({ stage: 'route', action: { ...action, rule: { ...rule, priority: 32766 } }, because: [] }),
    ).not.toContain('rule');
  });
  it('says why a route lost', () => {
    expect(loserSentence({ route: gateway, why: 'shorter' })).toBe('default via 10.5.5.1 is less specific');
  });
});

describe('outcomes and causes', () => {
  it('have words of their own, each', () => {
    expect(new Set(OUTCOMES.map(outcomeWords)).size).toBe(OUTCOMES.length);
    for (const o of OUTCOMES) expect(outcomeWords(o).length).toBeLessThanOrEqual(28);
  });

  const finding = (cause: CauseCode, params: Record<string, string> = {}): Finding => ({
    cause,
    host: 'router',
    evidence: [],
    fixes: [],
    params,
  });
  it('make whole sentences with and without their words', () => {
    for (const cause of CAUSE_CODES) {
      const sentence = causeSentence(finding(cause));
      expect(sentence).toContain('router');
      expect(sentence).not.toMatch(/undefined| {2}|[ ,:]$|\.$/);
    }
    expect(causeSentence(finding('no-return-route', { network: '10.8.0.0/24', via: '203.0.113.254' }))).toBe(
      'router has no route back to 10.8.0.0/24, so the answer follows the default route to 203.0.113.254',
    );
    expect(causeSentence(finding('dead-next-hop', { via: '10.5.5.9', network: '10.8.0.0/24' }))).toBe(
      'the next hop 10.5.5.9 of router for 10.8.0.0/24 does not exist',
    );
    expect(causeSentence(finding('forwarding-off', { setting: 'net.ipv4.ip_forward = 0' }))).toBe(
      'router does not forward packets: net.ipv4.ip_forward = 0',
    );
  });
});
