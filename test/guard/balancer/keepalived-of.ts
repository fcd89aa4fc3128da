import { strict as assert } from 'node:assert';
import type { Child, Machine } from '../../../src/host/index.ts';
import { until } from './check.ts';
import type { Balancer } from './balancer.ts';

/** A Keepalived that runs on the director. Its files are in /run, which is memory in the virtual machine. */
export interface Keepalived {
  /** What IPVS holds, in the words of `ipvsadm -Sn`. */
  ipvs(): Promise<string>;
  /** What it said so far. */
  said(): string;
  stop(): Promise<void>;
  /** Its first process dies at once, and with `all` each of its others too. */
  kill(who: 'first' | 'all'): Promise<void>;
}

/** The files of the one Keepalived that may run. */
export const KEEPALIVED = { config: '/run/keepalived.conf', pid: '/run/keepalived.pid' } as const;

/** Starts it with that configuration and waits until IPVS has so many lines. */
export async function startKeepalived(balancer: Balancer, config: string, lines: number): Promise<Keepalived> {
  const { director } = balancer;
  await director.writeFile(KEEPALIVED.config, config);
  const files = ['-f', KEEPALIVED.config, '-p', KEEPALIVED.pid, '-c', '/run/checkers.pid'];
  const child = director.spawn(['keepalived', '-C', '-n', '-l', '-G', '-D', ...files]);
  const ipvs = async (): Promise<string> => (await director.run(['ipvsadm', '-Sn'])).stdout;
  await until((text) => text.trim().split('\n').length >= lines, ipvs).catch((error: unknown) =>
    assert.fail(`${String(error)}\n${child.output()}`),
  );
  return { ipvs, said: () => child.output(), stop: () => stop(child), kill: (who) => kill(director, child, who) };
}

async function stop(child: Child): Promise<void> {
  child.stop();
  await child.ended;
}

async function kill(director: Machine, child: Child, who: 'first' | 'all'): Promise<void> {
  const others = who === 'all' ? ' $(cat /proc/$1/task/$1/children)' : '';
  await director.run(['sh', '-c', `kill -KILL $1${others}`, 'sh', String(child.pid)]);
  await child.ended;
}

/** The site itself, as virtual servers of the director's addresses. */
export const SITE_SERVICES = [
  ['203.0.113.80', '10.10.10.9'],
  ['2001:db8:80::80', 'fd00:10::9'],
]
  .flatMap(([address, server]) =>
    [80, 443].map(
      (port) => `virtual_server ${address} ${port} {
    delay_loop 60
    lb_algo wlc
    lb_kind NAT
    protocol TCP
    real_server ${server} ${port} {
        weight 1
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
    ),
  )
  .join('');
