import { buildRouteMap } from '@stricli/core';
import { why } from './route-why.ts';

/** Flags and help of `waymark route`. */
export const route = buildRouteMap({
  routes: { why },
  docs: {
    brief: 'Routes, on every system',
    fullDescription: [
      'Routes: which one a packet takes, and why.',
      '',
      'Example:',
      '  waymark route why 10.5.5.20 --host laptop -n examples/office/network.yaml',
    ].join('\n'),
  },
});
