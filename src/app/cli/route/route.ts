import { buildRouteMap } from '@stricli/core';
import { translate } from './route-translate.ts';
import { why } from './route-why.ts';

/** Flags and help of `waymark route`. */
export const route = buildRouteMap({
  routes: { why, translate },
  docs: {
    brief: 'Routes, on every system',
    fullDescription: [
      'Routes: which one a packet takes, and why; one in the language of every system.',
      '',
      'Example:',
      '  waymark route why 10.5.5.20 --host laptop -n examples/office/network.yaml',
    ].join('\n'),
  },
});
