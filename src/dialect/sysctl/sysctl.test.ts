import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSettings, parseSettings, settingCommand, settingKey, settingName } from './index.ts';

const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');
const values = (text: string): [string, string][] =>
  [...parseSettings(text, 'x').value].map(([key, { value }]) => [key, value]);

describe('parseSettings', () => {
  it('reads sysctl -a', () => {
    const { value, diagnostics } = parseSettings(golden('sysctl-a.txt'), 'sysctl -a');
    expect(diagnostics).toEqual([]);
    expect(value.size).toBe(golden('sysctl-a.txt').trim().split('\n').length);
    expect(value.get('ipv4/ip_forward')).toEqual({
      value: '0',
      fact: { source: 'sysctl -a', line: 21, text: 'net.ipv4.ip_forward = 0' },
    });
    expect(value.get('ipv4/conf/eth0/send_redirects')?.value).toBe('1');
    expect(value.get('netfilter/nf_conntrack_tcp_loose')?.value).toBe('1');
    expect(value.get('ipv4/tcp_rmem')?.value).toBe('4096\t131072\t33554432');
  });

  it('reads grep -r . /proc/sys/net', () => {
    const { value, diagnostics } = parseSettings(golden('proc-grep.txt'), 'grep');
    expect(diagnostics).toEqual([]);
    expect([...value.keys()]).toEqual(
      ['all/forwarding', 'all/rp_filter', 'eth0/forwarding', 'eth0/rp_filter', 'v1/rp_filter']
        .map((k) => `ipv4/conf/${k}`)
        .concat('ipv4/ip_forward'),
    );
  });

  it('gives the same keys for all spellings, interface names with dots too', () => {
    for (const line of [
      'net.ipv4.conf.eth0/100.rp_filter = 2',
      'net/ipv4/conf/eth0.100/rp_filter=2',
      '/proc/sys/net/ipv4/conf/eth0.100/rp_filter:2',
      '-net.ipv4.conf.eth0/100.rp_filter=2',
    ]) {
      expect(values(line), line).toEqual([['ipv4/conf/eth0.100/rp_filter', '2']]);
    }
  });

  it('takes the last line, leaves out what is not of the network, and notes the rest', () => {
    const text =
      '# note\n; note\n\nnet.ipv4.ip_forward=0\nkernel.panic = 5\nsysctl: permission denied on key\nnet.ipv4.ip_forward = 1\n  nonsense here\nnet.ipv4.conf.*.rp_filter = 1';
    expect(values(text)).toEqual([['ipv4/ip_forward', '1']]);
    expect(parseSettings(text, 'f').diagnostics.map((d) => [d.code, d.span])).toEqual([
      ['line-unknown', { source: 'f', line: 8, column: 3, length: 13, text: '  nonsense here' }],
      ['line-not-modelled', { source: 'f', line: 9, column: 1, length: 29, text: 'net.ipv4.conf.*.rp_filter = 1' }],
    ]);
  });

  it('takes anything', () => {
    const line = fc.array(fc.constantFrom('net', '.', '/', '=', ' ', ':', '/proc/sys/', 'ipv4', '-', '\n', '#'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          line.map((words) => words.join('')),
        ),
        (text) => void parseSettings(text, 'f'),
      ),
    );
  });
});

describe('printing', () => {
  it('names settings as sysctl takes them', () => {
    expect(settingCommand('ipv4/ip_forward', '1')).toEqual(['sysctl', '-w', 'net.ipv4.ip_forward=1']);
    expect(settingCommand('ipv4/conf/eth0.100/rp_filter', '2')).toEqual([
      'sysctl',
      '-w',
      'net.ipv4.conf.eth0/100.rp_filter=2',
    ]);
    expect(
      formatSettings(
        new Map([
          ['ipv4/ip_forward', '1'],
          ['ipv6/conf/all/forwarding', '1'],
        ]),
      ),
    ).toBe('net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n');
  });

  it.each(['net/../kernel/core_pattern', 'net.//.kernel.x', 'net/ipv4/./x', 'net/ipv4//x', 'net/', 'kernel.x', 'net'])(
    'never leads out of /proc/sys/net: %s',
    (name) => {
      expect(settingKey(name)).toBeNull();
      expect(parseSettings(`${name} = 1\n/proc/sys/${name}:1`, 'x').value.size).toBe(0);
    },
  );

  it('is read back', () => {
    const part = fc.stringMatching(/^[a-z0-9_.-]{1,8}$/).filter((p) => p !== '.' && p !== '..');
    const key = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(key, (k) => {
        expect(settingKey(settingName(k))).toBe(k);
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(key, fc.nat().map(String)), (all) => {
        const settings = new Map(Object.entries(all));
        expect(new Map(values(formatSettings(settings)))).toEqual(settings);
      }),
    );
  });
});
