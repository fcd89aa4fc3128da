import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runIn } from '../cli/world.ts';
import { story } from './story.ts';

const sample = readFileSync(join(import.meta.dirname, 'samples/routeros.rsc'), 'utf8');
const rules = '/ip firewall filter\nadd action=drop chain=forward connection-state=invalid\n';
const healed = story('{ on: { office: 10.5.5.1 }, facts: gw.rsc, routes: [10.8.0.0/24 via 10.5.5.5] }');

// what a box filters by itself and nobody follows must never pass for "nothing filters"
it('a packet filter that is not followed makes the answer uncertain, with the line that says so', async () => {
  const files = { 'net.yaml': healed, 'gw.rsc': sample + rules };
  const { stdout, stderr } = await runIn({ files }, ['explain', 'laptop', 'linux-server', '-n', 'net.yaml']);
  expect(stderr).toMatch(
    /warning\[line-not-modelled\] gw\.rsc:\d+:1: the packet filter of this system is not followed/,
  );
  expect(stdout).toMatch(/^laptop -> linux-server: unknown\..*not certain: not modelled: gw\.rsc:\d+/s);
  expect(stdout).toContain('connection-state=invalid');
});

it('a person may say that it lets everything through', async () => {
  const files = {
    'net.yaml': healed.replace('facts: gw.rsc', 'facts: gw.rsc, filter: none'),
    'gw.rsc': sample + rules,
  };
  const { stdout } = await runIn({ files }, ['explain', 'laptop', 'linux-server', '-n', 'net.yaml']);
  expect(stdout).toMatch(/^laptop -> linux-server: answered\./);
});

it('a box whose forwarding nobody told is taken as its system has it, and says so', async () => {
  const files = { 'net.yaml': healed, 'gw.rsc': sample };
  const { stdout } = await runIn({ files }, ['explain', 'laptop', 'linux-server', '-n', 'net.yaml', '-v']);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'ipv4/ip_forward is not known: taken as 1, as RouterOS has it by itself',
  );
});

it('what is only written down with its system gets its fix in that language too', async () => {
  const router =
    '{ on: { office: 10.5.5.1, internet: 203.0.113.1 }, system: macos, forwards: false, routes: [default via 203.0.113.254] }';
  const files = { 'net.yaml': story(router) };
  const { stdout } = await runIn({ files }, ['fix', 'laptop', 'linux-server', '--all', '-n', 'net.yaml']);
  const text = stdout.replaceAll(/\s+/g, ' ');
  expect(text).toContain('sudo sysctl -w net.inet.ip.forwarding=1');
  expect(text).toContain('sudo route -n add -net 10.8.0.0/24 10.5.5.5');
});

it('a pasted listing that is given as the network itself is named for what it is', async () => {
  const { stderr, code } = await runIn({ files: { 'gw.rsc': sample } }, ['check', '-n', 'gw.rsc']);
  expect(code).toBe(2);
  expect(stderr).toContain('this is an export of RouterOS, not a network');
});

it('what would settle an assumption is asked in the language of the box', async () => {
  const router =
    '{ on: { office: 10.5.5.1, internet: 203.0.113.1 }, system: windows, routes: [default via 203.0.113.254] }';
  const files = { 'net.yaml': story(router) };
  const { stdout } = await runIn({ files }, ['explain', 'laptop', 'linux-server', '-n', 'net.yaml']);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('settle it with: on router: Get-NetIPInterface');
});

it('in a folder, HOST.facts that no network file names is a host of that name', async () => {
  const yaml = story('{ on: { office: 10.5.5.9 } }').replace('  router:', '  other:');
  const files = { 'lab/net.yaml': yaml, 'lab/router.facts': sample, 'lab/notes.txt': sample };
  const { stdout } = await runIn({ files }, ['explain', 'laptop', 'linux-server', '-n', 'lab']);
  expect(stdout).toContain('router# /ip/route/add dst-address=10.8.0.0/24 gateway=10.5.5.5');
  expect(stdout).not.toContain('notes');
});
