import {
  failure,
  isLimitedBroadcast,
  isMulticast,
  isUnspecified,
  success,
  type Address,
  type Family,
  type Result,
} from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import type { Question } from '../trace/index.ts';
import { addressFor, findEndpoint } from './endpoint.ts';

/** What is asked for, apart from who asks whom. */
export interface Service {
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  /** 0 for ICMP. */
  readonly port: number;
  readonly family?: Family;
}

/** An ephemeral port, or an echo identifier, as a client would have. */
const SOURCE_PORT = 40000;

const isForMany = (a: Address): boolean => isMulticast(a) || isLimitedBroadcast(a) || isUnspecified(a);

/**
 * The question that "does FROM reach TO" stands for. FROM must be a host of the network, by name or address; TO may be
 * any address of one host. Codes: `host-unknown`, `address-invalid`, and those of `parseAddress`.
 */
export function askFor(network: Network, from: string, to: string, service: Service): Result<Question> {
  const sender = findEndpoint(network, from);
  if (!sender.ok) return sender;
  if (sender.value.host === null) {
    return failure(
      'host-unknown',
      `no host of this network has the address ${from}`,
      'name a host, an address that one of them has, or, where the network has an internet, any public one',
    );
  }
  const target = findEndpoint(network, to);
  if (!target.ok) return target;
  const family = service.family ?? sender.value.address?.family;
  const destination =
    target.value.address ??
    (target.value.host === null ? null : addressFor(network, sender.value.host, target.value.host, { family }));
  if (!destination) return failure('host-unknown', `${to} has no ${family ? `IPv${family} ` : ''}address`);
  if (isForMany(destination))
    return failure(
      'address-invalid',
      `${to} is no address of one host`,
      'a trace follows what one host sends to one other',
    );
  return success({
    from: sender.value.host,
    ...(sender.value.address ? { source: sender.value.address } : {}),
    destination,
    protocol: service.protocol,
    destinationPort: service.port,
    sourcePort: SOURCE_PORT,
  });
}
