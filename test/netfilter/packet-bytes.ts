import { fromBigInt, ipv4, toBigInt, type Address } from '../../src/ip/index.ts';
import type { Packet } from '../../src/trace/packet.ts';

/** What a real packet carries beside what a trace knows of it. */
export interface Extras {
  /** IPv4 identification, IPv6 flow label. */
  readonly id: number;
  readonly sequence: number;
  readonly acknowledged: number;
}

function checksum(data: Buffer): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 2) sum += (data[i]! << 8) + (data[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function bytesOf(a: Address): Buffer {
  return Buffer.from(
    toBigInt(a)
      .toString(16)
      .padStart(a.family === 4 ? 8 : 32, '0'),
    'hex',
  );
}

function transport(p: Packet, extras: Extras): Buffer {
  if (p.protocol === 6) {
    const b = Buffer.alloc(20);
    b.writeUInt16BE(p.sourcePort, 0);
    b.writeUInt16BE(p.destinationPort, 2);
    b.writeUInt32BE(extras.sequence, 4);
    b.writeUInt32BE(p.tcpFlags & 16 ? extras.acknowledged : 0, 8);
    b[12] = 0x50;
    b[13] = p.tcpFlags;
    b.writeUInt16BE(65535, 14);
    return b;
  }
  if (p.protocol === 17) {
    const b = Buffer.alloc(8);
    b.writeUInt16BE(p.sourcePort, 0);
    b.writeUInt16BE(p.destinationPort, 2);
    b.writeUInt16BE(8, 4);
    return b;
  }
  if (p.protocol !== 1 && p.protocol !== 58) return Buffer.alloc(8);
  const b = Buffer.alloc(8);
  b[0] = p.icmpType;
  b[1] = p.icmpCode;
  if (!p.inner) b.writeUInt16BE(p.sourcePort, 4);
  return p.inner ? Buffer.concat([b, packetBytes(p.inner, { ...extras, id: 1 })]) : b;
}

const CHECKSUM_AT: Readonly<Record<number, number>> = { 6: 16, 17: 6, 1: 2, 58: 2 };

/** The packet as it is on the wire, with right checksums. */
export function packetBytes(p: Packet, extras: Extras): Buffer {
  const body = transport(p, extras);
  const ends = Buffer.concat([bytesOf(p.source), bytesOf(p.destination)]);
  const at = CHECKSUM_AT[p.protocol];
  if (at !== undefined) {
    const pseudo = Buffer.concat([ends, Buffer.from([0, p.protocol, body.length >> 8, body.length & 255])]);
    const sum = checksum(p.protocol === 1 ? body : Buffer.concat([pseudo, body]));
    body.writeUInt16BE(sum || (p.protocol === 17 ? 0xffff : 0), at);
  }
  const head = Buffer.alloc(p.family === 4 ? 12 : 8);
  if (p.family === 6) {
    head.writeUInt32BE(((6 << 28) | (p.tos << 20) | extras.id) >>> 0, 0);
    head.writeUInt16BE(body.length, 4);
    head[6] = p.protocol;
    head[7] = p.ttl;
    return Buffer.concat([head, ends, body]);
  }
  head[0] = 0x45;
  head[1] = p.tos;
  head.writeUInt16BE(20 + body.length, 2);
  head.writeUInt16BE(extras.id, 4);
  head[8] = p.ttl;
  head[9] = p.protocol;
  const header = Buffer.concat([head, ends]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, body]);
}

/** Reads a packet from the wire as far as a trace knows it. */
export function readPacket(b: Buffer): Packet {
  const family = b[0]! >> 4 === 4 ? 4 : 6;
  const size = family === 4 ? 4 : 16;
  const start = family === 4 ? 12 : 8;
  const read = (at: number): Address => {
    const value = BigInt(`0x${b.subarray(at, at + size).toString('hex')}`);
    return family === 4 ? ipv4(Number(value)) : fromBigInt(value, 6);
  };
  const protocol = family === 4 ? b[9]! : b[6]!;
  const body = b.subarray(family === 4 ? 20 : 40);
  const icmp = protocol === 1 || protocol === 58;
  const ports = protocol === 6 || protocol === 17;
  const isError = icmp && (protocol === 1 ? [3, 4, 5, 11, 12].includes(body[0]!) : body[0]! < 128);
  return {
    family,
    protocol,
    source: read(start),
    destination: read(start + size),
    sourcePort: ports ? body.readUInt16BE(0) : icmp && !isError ? body.readUInt16BE(4) : 0,
    destinationPort: ports ? body.readUInt16BE(2) : 0,
    icmpType: icmp ? body[0]! : -1,
    icmpCode: icmp ? body[1]! : 0,
    tcpFlags: protocol === 6 && body.length > 13 ? body[13]! : 0,
    ttl: family === 4 ? b[8]! : b[7]!,
    tos: family === 4 ? b[1]! : ((b[0]! & 15) << 4) | (b[1]! >> 4),
    mark: 0,
    length: b.length,
    ...(isError ? { inner: readPacket(body.subarray(8)) } : {}),
  };
}
