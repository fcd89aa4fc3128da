import { buildCommand, buildRouteMap, type Application, type Command, type RouteMap } from '@stricli/core';
import type { Cli } from '../context.ts';
import { networkFlag } from '../flags.ts';
import { withUsage } from './with-usage.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** How a script gets to where the shell looks for it. */
const INSTALL: Readonly<Record<Shell, readonly string[]>> = {
  bash: [
    'For this shell: source <(waymark completion bash). For all that come, write it',
    'to where the package bash-completion looks.',
    '',
    'Examples:',
    '  waymark completion bash > ~/.local/share/bash-completion/completions/waymark',
    '  waymark completion bash > /etc/bash_completion.d/waymark',
  ],
  zsh: [
    'For this shell: source <(waymark completion zsh), after compinit. For all that',
    'come, write it to a folder of $fpath, as _waymark.',
    '',
    'Example:',
    '  waymark completion zsh > /usr/local/share/zsh/site-functions/_waymark',
  ],
  fish: [
    'For this shell: waymark completion fish | source. For all that come, write it to',
    'where fish looks.',
    '',
    'Example:',
    '  waymark completion fish > ~/.config/fish/completions/waymark.fish',
  ],
};

/** Flags and help of `waymark completion`, which describes the application that it is part of. */
export function completionOf(application: () => Application<Cli>): RouteMap<Cli> {
  const shell = (name: Shell): Command<Cli> =>
    withUsage(
      buildCommand<object, [], Cli>({
        loader: async () => {
          const { completion } = await import('../command/completion.ts');
          return completion(name, application());
        },
        parameters: {},
        docs: {
          brief: `Print the completion script for ${name}`,
          customUsage: [''],
          fullDescription: [
            `Prints a script that lets ${name} complete commands, flags and values of waymark,`,
            'and hosts of the network that -n names. Writes nothing by itself.',
            ...INSTALL[name],
          ].join('\n'),
        },
      }),
      '',
    );
  return withUsage(
    buildRouteMap<'bash' | 'zsh' | 'fish' | 'hosts', Cli>({
      routes: { bash: shell('bash'), zsh: shell('zsh'), fish: shell('fish'), hosts },
      docs: {
        brief: 'Let the shell complete what you type after waymark',
        fullDescription: [
          'Prints scripts that let the shell complete what you type after waymark.',
          '',
          'Example:',
          '  waymark completion bash > /etc/bash_completion.d/waymark',
        ].join('\n'),
        hideRoute: { hosts: true },
      },
    }),
    'bash|zsh|fish',
  );
}

const hosts = buildCommand({
  loader: async () => (await import('../command/completion.ts')).completionHosts,
  parameters: { flags: { network: networkFlag }, aliases: { n: 'network' } },
  docs: { brief: 'Print the names of hosts, one a line, for the scripts' },
});
