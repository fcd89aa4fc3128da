import { isLoopback } from '../../src/ip/index.ts';
import type { Host, HookName } from '../../src/model/index.ts';
import type { ConnectionTable } from '../../src/trace/connection.ts';
import type { HookResult, Tracked } from '../../src/trace/hook-context.ts';
import { Choices } from '../../src/trace/choice.ts';
import { runHook } from '../../src/trace/netfilter/run-hook.ts';
import { stateWord, statusWords } from '../../src/trace/netfilter/ct-value.ts';
import { at, deviceTo, packet as make } from '../../src/trace/netfilter/testing/hook-world.ts';
import type { Step } from '../../src/trace/step.ts';
import { PROTOCOL, TCP, type Packet } from '../../src/trace/packet.ts';
import type { Injection } from './random-packets.ts';
import { OWN } from './random-values.ts';

/** A packet that left the router. */
export interface Sent {
  readonly device: string;
  readonly packet: Packet;
}

/** What a chain at the end of a hook sees of a packet. */
export type Seen = readonly [
  hook: string,
  id: number,
  mark: number,
  state: string,
  ctMark: number | null,
  status: string,
];

/** A whole router of the model: the hooks, a little routing between them, and the answers that its kernel makes. */
export class ModelRouter {
  readonly sent: Sent[] = [];
  readonly seen: Seen[] = [];
  /** Packets that were dropped behind all chains, because their connection's place was taken. */
  readonly clashed = new Set<number>();
  readonly choices = new Choices();
  readonly connections: ConnectionTable = { connections: [] };
  readonly #host: Host;
  #id = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Puts a packet in and gives what left because of it. */
  put(injection: Injection): Sent[] {
    const before = this.sent.length;
    this.#id = injection.extras.id;
    if (injection.device < 0) this.#send(injection.packet, null);
    else this.#receive(injection.packet, `t${injection.device}`, null);
    return this.sent.slice(before);
  }

  #hook(
    hook: HookName,
    p: Packet,
    tracked: Tracked | null,
    way: { in: string | null; out: string | null },
  ): HookResult {
    const steps: Step[] = [];
    const context = at(hook, this.#host, this.connections, { ...way, choices: this.choices, steps });
    const result = runHook(p, tracked, context);
    const last = steps.at(-1)?.action;
    if (result.kind === 'drop' && last?.kind === 'tracked') this.clashed.add(this.#id);
    if (result.kind === 'accept' && way.in?.startsWith('t')) this.#observe(hook, result.packet, result.tracked);
    return result;
  }

  #observe(hook: string, p: Packet, tracked: Tracked | null): void {
    const c = tracked?.connection ?? null;
    const status = c
      ? statusWords(c)
          .filter((w) => w !== 'confirmed')
          .sort()
          .join(',')
      : '';
    this.seen.push([hook, this.#id, p.mark, stateWord(tracked), c?.mark ?? null, status]);
  }

  #receive(p: Packet, dev: string, tracked: Tracked | null): void {
    const first = this.#hook('prerouting', p, tracked, { in: dev, out: null });
    if (first.kind !== 'accept') return;
    const out = deviceTo(first.packet.destination);
    if (out === 'lo') {
      const input = this.#hook('input', first.packet, first.tracked, { in: dev, out: null });
      if (input.kind === 'accept') this.#answer(input.packet);
      else if (input.kind === 'reject') this.#refuse(input, 'lo');
      return;
    }
    if (first.packet.ttl <= 1) return;
    const way = { in: dev, out };
    const forward = this.#hook('forward', { ...first.packet, ttl: first.packet.ttl - 1 }, first.tracked, way);
    if (forward.kind === 'reject') this.#refuse(forward, out);
    if (forward.kind !== 'accept') return;
    this.#leave(forward.packet, forward.tracked, dev, out);
  }

  #leave(p: Packet, tracked: Tracked | null, dev: string | null, out: string): void {
    const last = this.#hook('postrouting', p, tracked, { in: dev, out });
    if (last.kind !== 'accept') return;
    if (out === 'lo') this.#receive(last.packet, 'lo', last.tracked);
    else this.sent.push({ device: out, packet: { ...last.packet, mark: 0 } });
  }

  #send(p: Packet, tracked: Tracked | null): void {
    // __mkroute_output refuses to route these; IPv6 has no such rule
    if (p.family === 4 && isLoopback(p.source) && deviceTo(p.destination) !== 'lo') return;
    const result = this.#hook('output', p, tracked, { in: null, out: deviceTo(p.destination) });
    if (result.kind === 'accept') this.#leave(result.packet, result.tracked, null, deviceTo(result.packet.destination));
  }

  /** What the kernel answers to a packet for itself: every port is closed. */
  #answer(p: Packet): void {
    if (p.protocol === PROTOCOL.tcp) {
      if (!(p.tcpFlags & TCP.rst)) this.#send(reset(p), null);
    } else if (p.protocol === PROTOCOL.udp) {
      const [icmpType, icmpCode] = p.family === 4 ? [3, 3] : [1, 4];
      this.#send(error(p, p.destination, icmpType, icmpCode), null);
    } else if (p.icmpType === (p.family === 4 ? 8 : 128)) {
      this.#send(
        { ...reversed(p), icmpType: p.family === 4 ? 0 : 129, sourcePort: p.sourcePort, destinationPort: 0 },
        null,
      );
    }
  }

  #refuse(result: Extract<HookResult, { kind: 'reject' }>, out: string): void {
    const p = result.packet;
    const tracked = trackedRefusal(result.tracked);
    if (result.with.kind === 'tcp-reset') this.#send(reset(p), tracked);
    else if (result.with.kind === 'icmp' && !p.inner) {
      const own = make({ source: OWN[p.family][deviceTo(p.source) === 't0' ? 0 : 1]! }).source;
      const primary = p.family === 4 ? { ...own, w3: (own.w3 & 0xffffff00) | 1 } : own;
      this.#send(error(p, out === 'lo' ? p.destination : primary, result.with.type, result.with.code), tracked);
    }
  }
}

const reversed = (p: Packet): Packet => ({
  ...p,
  source: p.destination,
  destination: p.source,
  sourcePort: p.destinationPort,
  destinationPort: p.sourcePort,
  ttl: 64,
  mark: 0,
});

const reset = (p: Packet): Packet => ({ ...reversed(p), tcpFlags: p.tcpFlags & TCP.ack ? TCP.rst : TCP.rst | TCP.ack });

function error(p: Packet, source: Packet['source'], icmpType: number, icmpCode: number): Packet {
  const protocol = p.family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  return {
    ...reversed(p),
    source,
    protocol,
    sourcePort: 0,
    destinationPort: 0,
    icmpType,
    icmpCode,
    tcpFlags: 0,
    length: p.length + (p.family === 4 ? 28 : 48),
    inner: p,
  };
}

/** nf_ct_attach: the refusal belongs to the connection of the packet it is about. */
const trackedRefusal = (t: Tracked | null): Tracked | null =>
  t?.connection
    ? { state: 'related', direction: t.direction === 'original' ? 'reply' : 'original', connection: t.connection }
    : null;
