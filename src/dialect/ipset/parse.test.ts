import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix } from '../../ip/index.ts';
import type { Element } from '../../model/index.ts';
import { dimensionsOf, parseIpsetSave } from './index.ts';

const golden = readFileSync(new URL('golden/sets.save', import.meta.url), 'utf8');

function show(e: Element): string {
  switch (e.kind) {
    case 'number':
      return String(e.number);
    case 'number-range':
      return `${e.from}-${e.to}`;
    case 'text':
      return e.text;
    case 'address':
      return formatAddress(e.address);
    case 'prefix':
      return formatPrefix(e.prefix);
    case 'concat':
      return e.parts.map(show).join(' . ');
    default:
      return e.kind;
  }
}

const read = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...parseIpsetSave(text, 'x').value.values()].map((s) => [
      s.name,
      s.entries.map((e) => `${show(e.key)}${e.except ? ' except' : ''}`).join(', ') + (s.dynamic ? ' ?' : ''),
    ]),
  );

const faults = (text: string): string[] =>
  parseIpsetSave(text, 'x').diagnostics.map(
    (d) => `${d.severity} ${d.code} ${d.span?.line}:${d.span?.column}+${d.span?.length}`,
  );

describe('parseIpsetSave', () => {
  it('reads what `ipset save` printed', () => {
    expect(read(golden)).toEqual({
      blocked: '203.0.113.9, 198.51.100.7 except, 198.51.100.0/24',
      'wm-block4': '192.0.2.66',
      blocked6: '2001:db8:bad::/48, 2001:db8::66',
      services: '10.5.5.20 . 17 . 53, 10.5.5.20 . 6 . 80, 10.5.5.20 . 17 . 54 ?',
      netports: '10.0.0.0/8 . 6 . 443',
      trio: '10.8.0.2 . 6 . 22 . 10.5.5.20',
      trionet: '10.8.0.2 . 6 . 22 . 10.5.5.0/24',
      behind: '10.8.0.0/24 . tun0 ?',
      bits: '192.168.0.5, 192.168.0.16, 192.168.0.17, 192.168.0.18, 192.168.0.19',
      nets24: '10.0.7.0/24',
      portset: '80, 8000, 8001, 8002',
      empty: '',
      both: '203.0.113.9, 198.51.100.7 except, 198.51.100.0/24, 192.0.2.66 ?',
    });
    expect(faults(golden)).toEqual(['warning line-not-modelled 13:14+27', 'warning line-not-modelled 22:12+24']);
    expect(parseIpsetSave(golden, 'ipset save').value.get('wm-block4')!.fact).toEqual({
      source: 'ipset save',
      line: 5,
      text: golden.split('\n')[4],
    });
  });

  it('reads what a person writes', () => {
    const text = [
      'sudo ipset create p hash:net,port -exist',
      'ipset -exist add p 10.0.0.1/8,53',
      'add p 10.0.0.0/8,udp:domain-10053',
      'add p 10.0.0.0/8,ssh',
      'create q hash:ip',
      'add q 10.0.0.0/30',
      'add q 10.0.0.9-10.0.0.12',
      'create w hash:net,iface wildcard',
      'add w 10.0.0.0/8,tun',
      'create m hash:ip,mark',
      'add m 10.0.0.1,0x7d0',
      'flush q',
      'add q 10.0.0.1 comment "add q 10.0.0.2"',
    ].join('\n');
    expect(read(text)).toEqual({
      p: '10.0.0.0/8 . 6 . 53, 10.0.0.0/8 . 17 . 53-10053, 10.0.0.0/8 . 6 . 22',
      q: '10.0.0.1',
      w: '10.0.0.0/8 . name-start',
      m: '10.0.0.1 . 2000',
    });
    expect(faults(text)).toEqual([]);
  });

  it.each([
    ['create s hash:ip\nadd s 10.0.0.300', 'error value-invalid 2:7+10'],
    ['create s hash:ip\nadd s 10.0.0.1,80', 'error value-invalid 2:7+11'],
    ['create s hash:ip,port\nadd s 10.0.0.1,tcp:90-80', 'error value-invalid 2:7+18'],
    ['create s hash:ip\nadd s', 'error value-invalid 2:1+3'],
    ['add s 10.0.0.1', 'warning set-missing 1:5+1'],
    ['create s hash:mac', 'warning line-not-modelled 1:10+8'],
    ['create s hash:ip\ndel s 10.0.0.1', 'warning line-not-modelled 2:1+3'],
    ['create s magic:ip', 'warning line-unknown 1:1+6'],
    ['create s hash:magic', 'warning line-unknown 1:1+6'],
    ['hello', 'warning line-unknown 1:1+5'],
    ['create l list:set\nadd l gone', 'warning set-missing 1:1+17'],
  ])('reports %j', (text, expected) => {
    expect(faults(text)).toEqual([expected]);
  });

  it('joins the sets of a list, and doubts one whose sets differ or have exceptions', () => {
    const sets =
      'create a hash:ip\nadd a 10.0.0.1\ncreate b hash:net\nadd b 10.1.0.0/16\ncreate p hash:ip,port\nadd p 10.0.0.1,80\n';
    expect(read(`${sets}create l list:set\nadd l b\nadd l a`)['l']).toBe('10.1.0.0/16, 10.0.0.1');
    expect(read(`${sets}create l list:set\nadd l p\nadd l a`)['l']).toMatch(/ \?$/);
    expect(read(`${sets}create l list:set\nadd l gone`)['l']).toBe(' ?');
    expect(read(`${sets}add b 10.1.2.0/24 nomatch\ncreate l list:set\nadd l b`)['l']).toBe(
      '10.1.0.0/16, 10.1.2.0/24 except',
    );
    expect(read(`${sets}add b 10.1.2.0/24 nomatch\ncreate l list:set\nadd l b\nadd l a`)['l']).toMatch(/ \?$/);
    expect(read('create l list:set\nadd l l')['l']).toBe(' ?');
  });

  it('tells the dimensions by the first member', () => {
    const { value } = parseIpsetSave(golden, 'x');
    const shapes = [...value.values()].map((s) => `${s.name} ${dimensionsOf(s)?.join() ?? '-'}`);
    expect(shapes).toEqual([
      'blocked address', 'wm-block4 address', 'blocked6 address', 'services address,protocol-and-port',
      'netports address,protocol-and-port', 'trio address,protocol-and-port,address',
      'trionet address,protocol-and-port,address', 'behind address,interface', 'bits address', 'nets24 address',
      'portset port', 'empty -', 'both address',
    ]); // prettier-ignore
  });

  it('never throws', () => {
    const words = [...new Set(golden.split(/\s+/)), '"', '\\', ',', '-', ':', 'nomatch', 'netmask', '99', '__proto__'];
    const line = fc.array(fc.constantFrom(...words), { maxLength: 6 });
    const text = fc
      .array(fc.tuple(fc.constantFrom('create', 'add', 'flush', ''), line))
      .map((l) => l.flat().join(' ').replaceAll(' add', '\nadd'));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (t) => {
        parseIpsetSave(t, 'x');
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['noise', 'x "y \\ z\n'.repeat(1_200_000)],
    ['one line', 'add "'.repeat(2_000_000)],
    [
      'lists of a big set',
      `create a hash:ip\n${'add a 10.0.0.1\n'.repeat(50_000)}create b hash:ip\nadd b 10.0.0.2\n${Array.from({ length: 20_000 }, (_, i) => `create l${i} list:set\nadd l${i} a\nadd l${i} b\n`).join('')}`,
    ],
  ])('ends soon on %s', (_name, text) => {
    const start = process.cpuUsage();
    expect(parseIpsetSave(text, 'x').diagnostics.length).toBeLessThanOrEqual(51);
    // Processor time, which other work on the machine does not stretch
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5000);
  });
});
