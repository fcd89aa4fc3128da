import { buildApplication, buildRouteMap, help, version, type Application } from '@stricli/core';
import packageFile from '../../../package.json' with { type: 'json' };
import { EXIT, type Cli } from './context.ts';
import { appeals } from './route/appeals.ts';
import { block, blocked, unblock } from './route/block.ts';
import { check } from './route/check.ts';
import { collect } from './route/collect.ts';
import { completionOf } from './route/completion.ts';
import { draw } from './route/draw.ts';
import { explain } from './route/explain.ts';
import { fix } from './route/fix.ts';
import { guard } from './route/guard.ts';
import { lab } from './route/lab.ts';
import { route } from './route/route.ts';
import { undo } from './route/undo.ts';
import { usageText } from './usage-text.ts';

const commands = buildRouteMap({
  routes: {
    explain,
    fix,
    check,
    draw,
    collect,
    lab,
    route,
    undo,
    block,
    unblock,
    blocked,
    appeals,
    guard,
    completion: completionOf(() => application),
  },
  docs: {
    brief: 'Makes packets find their way there and back',
    fullDescription: [
      'Says how packets find their way there and back, where they die, and what to do',
      'about it.',
      '',
      'Example:',
      '  waymark explain laptop linux-server -n examples/office/network.yaml',
    ].join('\n'),
  },
});

const helpFlag = help<Cli>({
  brief: usageText.briefs.help,
  defaultForRouteMap: true,
  formatting: { useAliasInUsageLine: false, onlyRequiredInUsageLine: false, caseStyle: 'convert-camel-to-kebab' },
});

const versionFlag = version<Cli>({ brief: usageText.briefs.version, info: { currentVersion: packageFile.version } });

/** The command line: every command with its flags and help. */
export const application: Application<Cli> = buildApplication(
  commands,
  {
    name: 'waymark',
    scanner: {
      caseStyle: 'allow-kebab-for-camel',
      allowArgumentEscapeSequence: true,
      distanceOptions: { threshold: 3, weights: { insertion: 1, deletion: 1, substitution: 2, transposition: 1 } },
    },
    documentation: { disableAnsiColor: true },
    localization: { text: usageText },
    determineExitCode: () => EXIT.badInput,
  },
  { help: helpFlag, version: versionFlag },
);
