import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNetwork } from '../../src/facts/index.ts';
import { diagnose } from '../../src/diagnose/index.ts';
import { askFor, checkExpectation, worldWith } from '../../src/reach/index.ts';
import { checkScene, checkText, explainText, layout, sceneSvg } from '../../src/render/index.ts';
import { roundTrip } from '../../src/trace/index.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'examples');
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'network.yaml')));
const plain = { verbose: false, colour: false, width: 80 };

/** The example as its README tells to run it. */
function load(name: string) {
  const file = relative(root, join(folder, name, 'network.yaml'));
  const read = (path: string): string | null => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return null;
    }
  };
  return loadNetwork(file, { read, list: () => [] });
}

/** What the README asks first; the laptop for the server where nothing stands here. */
const ASKED: Readonly<Record<string, Asked>> = {
  branch: { from: 'branch-pc', to: 'linux-server', protocol: 'icmp', port: 0, flags: '' },
  ipvs: { from: '1.2.3.4', to: 'www', protocol: 'tcp', port: 80, flags: ' --proto tcp --port 80' },
};
const PING: Asked = { from: 'laptop', to: 'linux-server', protocol: 'icmp', port: 0, flags: '' };

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'icmp' | 'tcp';
  readonly port: number;
  readonly flags: string;
}

const askedOf = (name: string): Asked => ASKED[name] ?? PING;

function explained(name: string, asked = askedOf(name)) {
  const { from, to, protocol, port } = asked;
  const network = worldWith(load(name).value, from);
  const question = askFor(network, from, to, { protocol, port });
  if (!question.ok) throw new Error(question.message);
  const trip = roundTrip(network, question.value);
  return { network, trip, findings: diagnose(network, question.value, trip) };
}

it('there are eight examples of networks', () => {
  const six = ['forward-drop', 'nat-box', 'office', 'office-fixed', 'policy-routing', 'stateful-router'];
  expect(names.sort()).toEqual([...six, 'branch', 'ipvs'].sort());
});

describe.each(names)('examples/%s', (name) => {
  it('loads without a fault', () => {
    // what Keepalived has against the blog's configuration is part of the lesson
    const faults = load(name).diagnostics.filter((d) => d.severity !== 'note');
    expect(faults.map((d) => d.code)).toEqual(name === 'ipvs' ? ['keepalived-ignores', 'keepalived-ignores'] : []);
  });

  it('says what its README shows', async () => {
    const { network, trip, findings } = explained(name);
    const { from, to, flags } = askedOf(name);
    const text = `$ waymark explain ${from} ${to}${flags} -n examples/${name}/network.yaml\n\n${explainText(network, trip, findings, plain)}`;
    await expect(text).toMatchFileSnapshot(join(folder, name, 'explain.txt'));
  });

  it('checks its expectations', async () => {
    const { network } = explained(name);
    const lines = network.expectations.map((expectation) => {
      const checked = checkExpectation(network, expectation);
      const worst = checked.asked[0]!;
      return { checked, findings: checked.holds === true ? [] : diagnose(checked.network, worst.question, worst.trip) };
    });
    const text = `$ waymark check -n examples/${name}/network.yaml\n\n${checkText(network, lines, plain)}`;
    await expect(text).toMatchFileSnapshot(join(folder, name, 'check.txt'));
  });

  it('has a picture in which nothing lies over anything', async () => {
    const { network, trip, findings } = explained(name);
    const scene = layout(network, trip, findings);
    expect(checkScene(scene)).toEqual([]);
    await expect(sceneSvg(scene)).toMatchFileSnapshot(join(folder, name, `${name}.svg`));
  });

  it('has a README of some ten lines', () => {
    const lines = readFileSync(join(folder, name, 'README.md'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThan(16);
  });
});

it('an ordinary visitor of examples/ipvs gets the site', async () => {
  const asked = { ...ASKED.ipvs!, from: '5.6.7.8' };
  const { network, trip, findings } = explained('ipvs', asked);
  const text = `$ waymark explain 5.6.7.8 www --proto tcp --port 80 -n examples/ipvs/network.yaml\n\n${explainText(network, trip, findings, plain)}`;
  await expect(text).toMatchFileSnapshot(join(folder, 'ipvs', 'explain-ordinary.txt'));
});

it('fits the office on a screen of 24 lines and 80 columns', () => {
  const { network, trip, findings } = explained('office');
  const lines = explainText(network, trip, findings, plain).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(80);
});
