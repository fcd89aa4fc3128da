import { strict as assert } from 'node:assert';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appealRequestLine, decisionJson, requestLine, type GuardReply } from '../../../src/guard/index.ts';
import { linuxMachine, type RunResult } from '../../../src/host/index.ts';
import { decision } from '../decisions.ts';
import { AT, type Balancer } from './balancer.ts';
import { until, type Check } from './check.ts';
import { ONE_SERVER } from './guarded-checks.ts';
import { startSystemd, type Systemd } from './systemd-of.ts';
import { endKeepalived } from './ways.ts';

const { blocked, ordinary } = AT;
const UNIT = 'waymark-guard.service';
const SETTINGS = `contact: { phone: page7 }\nwidest: { ipv4: 8, ipv6: 19 }\n`;
const WITH_MAIL = `${SETTINGS}appeals: { mail: { from: a@site.example, to: [b@site.example], sendmail: /srv/sendmail } }\n`;
const BALANCED = `ports: [{ site: 80, page: 80 }]\ndelivery: { way: keepalived, ${ONE_SERVER}, keepalived: { every: 1 } }\n`;

/** Takes rights by its file's group, as Postfix' postdrop does, and leaves the mail where only that group may. */
const SENDMAIL = `
cp /bin/dd /srv/drop
chgrp mail /srv/drop
chmod 2755 /srv/drop
mkdir /var/spool/drop
printf '#!/bin/sh\\n/srv/drop of=/var/spool/drop/mail 2>/dev/null\\n' >/srv/sendmail
chmod 755 /srv/sendmail
`;

let systemd: Systemd;

const inside = async (...argv: string[]): Promise<RunResult> => systemd.inside.run(argv, { timeoutMs: 120_000 });
const script = async (text: string): Promise<void> => {
  const done = await inside('sh', '-ec', text);
  assert.equal(done.code, 0, done.stderr);
};
const shown = async (key: string): Promise<string> =>
  (await inside('systemctl', 'show', '-P', key, UNIT)).stdout.trim();
/** Waymark of that version, as it was installed there. */
const waymark = (version: string, ...words: string[]): Promise<RunResult> =>
  inside(process.execPath, `/srv/${version}/bin/waymark`, ...words, '--settings', '/srv/guard.yaml');

async function install(version: string, settings: string): Promise<void> {
  await systemd.inside.writeFile(`${systemd.root}/srv/guard.yaml`, settings);
  const { code, stdout, stderr } = await waymark(version, 'guard', 'install');
  const log = code === 0 ? '' : (await inside('journalctl', '-o', 'cat', '-n', '30')).stdout;
  assert.deepEqual([code, stdout], [0, `the guard runs as ${UNIT}, and at each boot\n`], stderr + log);
  assert.equal(await shown('ActiveState'), 'active');
}

async function ask(line: string, to = 'guard.sock'): Promise<GuardReply> {
  const said = await linuxMachine().ask(`${systemd.root}/run/waymark/${to}`, line);
  assert(said.ok, 'no answer');
  return JSON.parse(said.value) as GuardReply;
}
const untilOfBlock = async (): Promise<number | null | undefined> =>
  (await ask(requestLine({ do: 'at', address: blocked[4] }))).decisions[0]?.until;

/** Command lines of what runs of Waymark. */
const processes = (): readonly string[] =>
  readdirSync(`${systemd.root}/proc`)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`${systemd.root}/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes('waymark'));

const seen = (balancer: Balancer) => (): Promise<string> => balancer.visit(blocked[4], 80);

/** The site, and a systemd beside it that has two versions of Waymark. */
async function begin(balancer: Balancer): Promise<void> {
  await balancer.start('director');
  systemd = await startSystemd(balancer);
  for (const version of ['1', '2'])
    for (const part of ['bin', 'dist'])
      cpSync(join(balancer.stage.folder, part), `${systemd.root}/srv/${version}/${part}`, { recursive: true });
  await script(SENDMAIL);
}

/** Nothing of the guard runs, and nothing is in the kernel. */
async function assertGone(balancer: Balancer): Promise<void> {
  assert.deepEqual(processes(), []);
  assert.doesNotMatch((await balancer.director.run(['nft', 'list', 'ruleset'])).stdout, /waymark/i);
  assert.equal(await seen(balancer)(), 'welcome');
}

async function uninstall(balancer: Balancer): Promise<void> {
  const { code, stderr } = await waymark('1', 'guard', 'uninstall');
  assert.equal(code, 0, stderr);
  await assertGone(balancer);
  const left = 'find /etc/systemd/system /run/waymark /var/lib/waymark/*.sh -type f -o -type l -o -type s';
  assert.equal((await inside('sh', '-c', left)).stdout, '');
}

/** The guard as a service of a real systemd, with the unit that it installs. */
const CHECKS: readonly Check[] = [
  {
    name: 'guard install starts it, and a block gives the page',
    run: async (balancer) => {
      await begin(balancer);
      await install('1', SETTINGS);
      const until = Date.now() + 3_600_000;
      await ask(requestLine({ do: 'block', decision: decisionJson(decision(blocked[4], { until })) }));
      assert.equal(await seen(balancer)(), 'page7');
      assert.equal(await balancer.visit(ordinary[4], 80), 'welcome');
      const log = (await inside('journalctl', '-o', 'cat', '-u', UNIT)).stdout;
      assert.match(log, /^the guard runs: 0 decisions, ports 80$.*^blocked 1\.2\.3\.4 until=/ms);
      assert.doesNotMatch(log, /warning|error|fault/);
      const status = await waymark('1', 'guard', 'status');
      assert.match(status.stdout, /^service {2}active, starts at boot\nguard .*1 decision by nft.*\nrules {4}whole\n$/);
    },
  },
  {
    name: 'a restart keeps the blocks, with the time that they have left',
    run: async (balancer) => {
      const before = await untilOfBlock();
      await balancer.director.sleep(2000);
      await script(`systemctl restart ${UNIT}`);
      assert.equal(await seen(balancer)(), 'page7');
      assert.equal(await untilOfBlock(), before);
      assert.match((await balancer.director.run(['nft', 'list', 'ruleset'])).stdout, /1\.2\.3\.4 .*expires 5\dm/);
    },
  },
  ...(['main', 'all'] as const).map((who): Check => ({
    name: `killed (${who}), it is started again, with the page and all blocks`,
    run: async (balancer) => {
      const before = Number(await shown('NRestarts'));
      await script(`systemctl kill --kill-whom=${who} --signal=KILL ${UNIT}`);
      await until(
        (n) => n > before,
        async () => Number(await shown('NRestarts')),
      );
      await until(
        (state) => state === 'active',
        () => shown('ActiveState'),
      );
      assert.equal(await seen(balancer)(), 'page7');
      assert.equal(processes().filter((line) => line.includes('guard page')).length, 1);
      const log = (await inside('journalctl', '-o', 'cat', '-u', UNIT)).stdout;
      assert.match(log, /status=9\/KILL.*nothing of the guard is in the kernel.*the guard runs: 1 decision/s);
    },
  })),
  {
    name: 'another version, installed over it, leaves nothing of the former; it sends mail with the rights of others',
    run: async (balancer) => {
      await install('2', WITH_MAIL);
      assert.equal(await seen(balancer)(), 'page7');
      assert.deepEqual(
        processes().filter((line) => line.includes('/srv/1/')),
        [],
      );
      const form = { message: 'let me in', contact: '' };
      await ask(appealRequestLine({ do: 'appeal', address: blocked[4], form }), 'guard.sock.page');
      const mail = async () => (await inside('stat', '-c', '%G %s', '/var/spool/drop/mail')).stdout;
      await until((text) => /^mail [1-9]/.test(text), mail);
    },
  },
  {
    name: 'stopped, it leaves nothing but the decisions',
    run: async (balancer) => {
      await script(`systemctl stop ${UNIT}`);
      await assertGone(balancer);
    },
  },
  {
    name: 'guard uninstall leaves no trace but the decisions',
    run: async (balancer) => {
      await script(`systemctl start ${UNIT}`);
      assert.equal(await seen(balancer)(), 'page7');
      await uninstall(balancer);
      assert.match((await inside('cat', '/var/lib/waymark/decisions.journal')).stdout, /1\.2\.3\.4/);
    },
  },
];

const named = ({ name, run }: Check): Check => ({ name: `systemd: ${name}`, run });

export const SYSTEMD_CHECKS: readonly Check[] = CHECKS.map(named);

/** Ends what a check that failed left. */
export const endSystemd = async (): Promise<void> => systemd.stop();

/** The same by Keepalived, which is a service of that systemd too; where IPVS is. */
const KEEPALIVED_CHECKS: readonly Check[] = [
  {
    name: 'by Keepalived the guard has the rights that this takes, and leaves nothing',
    run: async (balancer) => {
      await endKeepalived();
      // loads IPVS
      await balancer.director.run(['ipvsadm', '-Ln']);
      await begin(balancer);
      await script(`echo 'include /etc/keepalived/waymark.conf' >/etc/keepalived/keepalived.conf`);
      await install('1', BALANCED);
      await script('systemctl start keepalived');
      await ask(requestLine({ do: 'block', decision: decisionJson(decision(blocked[4])) }));
      await until((said) => said === 'page1', seen(balancer));
      await uninstall(balancer);
      assert.equal((await inside('cat', '/proc/sys/net/ipv4/vs/conntrack')).stdout, '0\n');
      await until(
        (ipvs) => ipvs === '',
        async () => (await balancer.director.run(['ipvsadm', '-Sn'])).stdout,
      );
      await systemd.stop();
      await balancer.stop('director');
    },
  },
];

export const SYSTEMD_KEEPALIVED_CHECKS: readonly Check[] = KEEPALIVED_CHECKS.map(named);
