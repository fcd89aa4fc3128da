import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNetwork, loadText, type Files } from './index.ts';

const bundle = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', `${name}.facts`), 'utf8');

/** Files and folders by path. */
function world(texts: Readonly<Record<string, string>>): Files {
  const paths = Object.keys(texts);
  return {
    read: (path) => texts[path] ?? null,
    list: (path) => [
      ...new Set(paths.filter((p) => p.startsWith(`${path}/`)).map((p) => p.slice(path.length + 1).split('/')[0]!)),
    ],
  };
}

const office = `networks: { office: 10.5.5.0/24, internet: internet }
hosts:
  router: { on: { office: 10.5.5.1, internet: 203.0.113.1 }, forwards: true, facts: facts/router.facts }
`;

describe('loading a network', () => {
  it('reads a file, with the files it names beside it', () => {
    const { value, diagnostics } = loadNetwork(
      'net/office.yaml',
      world({ 'net/office.yaml': office, 'net/facts/router.facts': bundle('router') }),
    );
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect(value.hosts.get('router')!.knowledge).toBe('collected');
    expect(value.links.get('office')!.attachments).toEqual([{ host: 'router', interface: 'eth0' }]);
  });

  it('reads a folder: network files, and the bundles that none of them names', () => {
    const files = world({
      'net/office.yaml': office,
      'net/facts/router.facts': bundle('router'),
      'net/laptop.facts': bundle('laptop'),
      'net/README': 'words',
      'net/.hidden.facts': bundle('site-b'),
    });
    const { value, diagnostics } = loadNetwork('net', files);
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect([...value.hosts.keys()]).toEqual(['router', 'laptop']);
    expect(value.links.get('internet')!.attachments.map((a) => a.host)).toEqual(['router', 'laptop']);
    const named = { 'net/office.yaml': office.replace('facts/router', 'router'), 'net/router.facts': bundle('router') };
    expect([...loadNetwork('net', world(named)).value.hosts.keys()]).toEqual(['router']);
  });

  it('reads a bundle, and a text', () => {
    expect([...loadNetwork('l.facts', world({ 'l.facts': bundle('laptop') })).value.hosts.keys()]).toEqual(['laptop']);
    expect([...loadText(bundle('laptop') + bundle('router'), '-', world({})).value.hosts.keys()]).toEqual([
      'laptop',
      'router',
    ]);
    expect([...loadText('hosts: { a: {} }', '-', world({})).value.hosts.keys()]).toEqual(['a']);
  });

  it('says what is not there', () => {
    const codes = (path: string): string[] =>
      loadNetwork(path, world({ 'empty/README': 'words' })).diagnostics.map((d) => d.code);
    expect(codes('nowhere')).toEqual(['file-missing']);
    expect(codes('empty')).toEqual(['input-unrecognised']);
  });

  it('gives what linking finds its place in the line', () => {
    const text =
      'networks:\n  office: 10.5.5.0/24\nhosts:\n  a:\n    on:\n      office: 10.5.5.1\n    routes:\n      - default via 10.6.6.6\n';
    expect(loadText(text, 'n.yaml', world({})).diagnostics.map((d) => d.span)).toEqual([
      { source: 'n.yaml', line: 8, column: 9, length: 20, text: '      - default via 10.6.6.6' },
    ]);
  });
});
