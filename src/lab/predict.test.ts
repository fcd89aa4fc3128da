import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadText } from '../facts/index.ts';
import { parseAddress } from '../ip/index.ts';
import { roundTrip } from '../trace/index.ts';
import { predictedProbe } from './predict.ts';

it('says nothing of a tunnel that carries itself, which no lab shows', () => {
  const file = join(import.meta.dirname, '../../test/scenario/tunnel-recursive.yaml');
  const network = loadText(readFileSync(file, 'utf8'), 'net.yaml', { read: () => null, list: () => [] }).value;
  const ask = (to: string) => {
    const destination = parseAddress(to);
    if (!destination.ok) throw new Error(to);
    const ping = { protocol: 'icmp', destinationPort: 0, sourcePort: 1 } as const;
    return predictedProbe(roundTrip(network, { from: 'laptop', destination: destination.value, ...ping }));
  };
  expect(ask('10.5.5.20')).toBeNull();
  expect(ask('192.168.1.1')).toEqual({ first: { kind: 'answered', from: '192.168.1.1' }, second: null });
});
