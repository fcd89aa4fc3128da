import type { Machine } from '../host/index.ts';
import { printClientConfig, printServerConfig, type KeyFiles } from '../dialect/index.ts';
import type { LabPlan, TunnelEndPlan, TunnelPlan } from './lab-plan.ts';
import type { Lab } from './lab-state.ts';
import { fail, step } from './run-step.ts';

const TIME_LIMIT_MS = 15_000;
const UP = 'Initialization Sequence Completed';

/** Starts an OpenVPN server and its clients, and moves their interfaces to the hosts. Fails when one does not connect. */
export async function buildTunnel(machine: Machine, plan: LabPlan, lab: Lab, tunnel: TunnelPlan): Promise<void> {
  const ends = [tunnel.server, ...tunnel.clients];
  const prints = await Promise.all(ends.map((end) => makeKey(machine, lab, end)));
  const ccd = `${lab.folder}/ccd-${tunnel.server.file}`;
  await machine.mkdir(ccd);
  for (const client of tunnel.clients) await write(machine, `${ccd}/${client.commonName}`, client.ccd);
  const server = printServerConfig(tunnel.server.vpn, {
    keys: keysOf(lab, tunnel.server, prints.slice(1)),
    clientConfigDir: ccd,
    status: `${lab.folder}/${tunnel.server.file}.status`,
  });
  await start(machine, plan, lab, { end: tunnel.server, config: `${server}local 127.0.0.1\n` });
  await Promise.all(
    tunnel.clients.map((end) => {
      const config = printClientConfig(end.vpn, keysOf(lab, end, prints.slice(0, 1)));
      return start(machine, plan, lab, { end, config });
    }),
  );
  for (const end of ends) await moveInterface(machine, plan, end);
  await checkLearnt(machine, lab, tunnel);
}

/** A certificate signed by itself; its fingerprint. */
async function makeKey(machine: Machine, lab: Lab, end: TunnelEndPlan): Promise<string> {
  const base = `${lab.folder}/${end.file}`;
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  const files = ['-keyout', `${base}.key`, '-out', `${base}.crt`];
  await step(machine, ['openssl', 'req', '-x509', ...curve, '-subj', `/CN=${end.commonName}`, ...files]);
  const said = await step(machine, ['openssl', 'x509', '-in', `${base}.crt`, '-noout', '-fingerprint', '-sha256']);
  return said.slice(said.indexOf('=') + 1).trim();
}

const keysOf = (lab: Lab, { file }: TunnelEndPlan, fingerprints: readonly string[]): KeyFiles => ({
  cert: `${lab.folder}/${file}.crt`,
  key: `${lab.folder}/${file}.key`,
  trusts: { fingerprints },
});

interface Process {
  readonly end: TunnelEndPlan;
  readonly config: string;
}

/** The interface is set up by the lab from the model, so OpenVPN itself must leave it alone and keep it. It says what it drops. */
const LEAVE_ALONE = 'ifconfig-noexec\nroute-noexec\npersist-tun\npersist-key\nverb 4\n';

async function start(machine: Machine, plan: LabPlan, lab: Lab, { end, config }: Process): Promise<void> {
  const base = `${lab.folder}/${end.file}`;
  await write(machine, `${base}.conf`, config + LEAVE_ALONE);
  const files = ['--config', `${base}.conf`, '--log', `${base}.log`, '--writepid', `${base}.pid`];
  await step(machine, ['ip', 'netns', 'exec', plan.links, 'openvpn', ...files, '--daemon', `waymark-${end.file}`]);
  const deadline = machine.elapsedMs() + TIME_LIMIT_MS;
  for (;;) {
    const log = await logOf(machine, lab, end);
    if (log.includes(UP)) return;
    if (machine.elapsedMs() > deadline) fail(`OpenVPN of ${end.namespace} does not connect: ${lastLines(log)}`);
    await machine.sleep(20);
  }
}

async function logOf(machine: Machine, lab: Lab, end: TunnelEndPlan): Promise<string> {
  const log = await machine.readFile(`${lab.folder}/${end.file}.log`);
  return log.ok ? log.value : '';
}

const lastLines = (log: string): string => log.trim().split('\n').slice(-3).join('; ') || 'it said nothing';

async function write(machine: Machine, path: string, text: string): Promise<void> {
  const written = await machine.writeFile(path, text, 0o600);
  if (!written.ok) fail(written.message);
}

/** OpenVPN keeps the open device, whatever its interface is called and wherever it lies. */
async function moveInterface(machine: Machine, plan: LabPlan, end: TunnelEndPlan): Promise<void> {
  const to = ['netns', end.namespace, 'name', end.interface];
  await step(machine, ['ip', '-n', plan.links, 'link', 'set', 'dev', end.vpn.dev, ...to]);
}

/** The server's own table must be the model's: addresses and networks of every client. */
async function checkLearnt(machine: Machine, lab: Lab, tunnel: TunnelPlan): Promise<void> {
  const log = await logOf(machine, lab, tunnel.server);
  for (const client of tunnel.clients) {
    const missing = client.learns.filter((what) => !log.includes(`MULTI: Learn: ${what} -> ${client.commonName}/`));
    if (missing.length > 0)
      fail(`the server of ${tunnel.name} did not give ${client.commonName} ${missing.join(', ')}`);
  }
}
