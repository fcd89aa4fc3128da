import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Route, Rule } from '../../model/index.ts';
import { parseAddresses } from './parse-addresses.ts';
import { parseNeighbours } from './parse-neighbours.ts';
import { parseRoutes } from './parse-routes.ts';
import { parseRules } from './parse-rules.ts';
import { routeAddCommand } from './print-route.ts';
import { ruleAddCommand } from './print-rule.ts';

const read = {
  interfaces: (record: object) => parseAddresses(JSON.stringify([{ ifname: 'eth0', ...record }]), 'ip').value,
  neighbours: (record: object) =>
    parseNeighbours(JSON.stringify([{ dst: '10.0.0.9', dev: 'eth0', state: ['PERMANENT'], ...record }]), 'ip').value,
  routes: (record: object) => parseRoutes(JSON.stringify([{ dst: '10.7.0.0/24', dev: 'eth0', ...record }]), 'ip').value,
  rules: (record: object) => parseRules(JSON.stringify([{ priority: 100, src: 'all', ...record }]), 'ip', 4).value,
};

/** Words of a command that a shell or `ip -batch` would not take as one. */
const torn = (commands: readonly (readonly string[])[]): readonly string[] =>
  commands.flat().filter((word) => /\s|\p{Cc}/u.test(word));
const routeWords = (routes: readonly Route[]): readonly (readonly string[])[] => routes.map(routeAddCommand);
const ruleWords = (rules: readonly Rule[]): readonly (readonly string[])[] => rules.map(ruleAddCommand);

describe('names of a foreign listing', () => {
  const more = '\nnetns add other';
  it('are one word each, or the entry is left out', () => {
    expect(read.interfaces({ ifname: `eth0${more}` })).toEqual([]);
    expect(read.neighbours({ dev: `eth0${more}` })).toEqual([]);
    expect(read.routes({ dev: `eth0${more}` })).toEqual([]);
    expect(read.rules({ iif: `lo${more}` })).toEqual([]);
    expect(read.rules({ oif: 'lo type' })).toEqual([]);
  });
  it('that decide nothing cost no entry', () => {
    expect(read.routes({ protocol: `static${more}` })).toMatchObject([{ protocol: 'boot' }]);
    expect(read.routes({ protocol: 'my-daemon' })).toMatchObject([{ protocol: 'my-daemon' }]);
  });
  it('are link addresses where one is due', () => {
    const mac = '02:00:00:00:00:0A';
    expect(read.interfaces({ link_type: 'ether', address: mac })[0]?.mac).toBe('02:00:00:00:00:0a');
    expect(read.interfaces({ link_type: 'ether', address: `${mac} type dummy` })[0]?.mac).toBeUndefined();
    expect(read.neighbours({ lladdr: mac })[0]?.mac).toBe('02:00:00:00:00:0a');
    expect(read.neighbours({ lladdr: '10.0.0.1' })[0]?.mac).toBe('10.0.0.1');
    expect(read.neighbours({ lladdr: `${mac}${more}` })[0]?.mac).toBeUndefined();
  });
  it('never tear a command, whatever they hold', () => {
    const wild = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom('eth0', '4', 'main'), fc.string()).map((p) => p.join('\n')),
    );
    const keys = fc.constantFrom(...['dev', 'protocol', 'scope', 'table', 'type', 'metric', 'prefsrc', 'tos']);
    const ruleKeys = fc.constantFrom(...['iif', 'oif', 'table', 'fwmark', 'ipproto', 'tos', 'src', 'something']);
    fc.assert(
      fc.property(keys, ruleKeys, wild, (key, ruleKey, value) => {
        expect(torn(routeWords(read.routes({ [key]: value })))).toEqual([]);
        expect(torn(ruleWords(read.rules({ [ruleKey]: value })))).toEqual([]);
      }),
    );
  });
});
