import { buildRouteMap } from '@stricli/core';
import { add, blackhole, confirm, del, list, prohibit, reject, replace, unreachable } from './route-edit.ts';
import { translate } from './route-translate.ts';
import { withUsage } from './with-usage.ts';
import { why } from './route-why.ts';

/** Flags and help of `waymark route`. */
export const route = withUsage(
  buildRouteMap({
    routes: { why, translate, add, replace, del, reject, unreachable, prohibit, blackhole, list, confirm },
    docs: {
      brief: 'Routes, on every system',
      fullDescription: [
        'Routes: which one a packet takes, and why; made, changed and taken away; one',
        'said in the language of every system.',
        '',
        'Example:',
        '  waymark route why 10.5.5.20 --host laptop -n examples/office/network.yaml',
      ].join('\n'),
    },
  }),
  'why|add|replace|del|list|confirm|translate ...',
);
