import type { Application } from '@stricli/core';
import { leave, EXIT, say, type Cli } from '../context.ts';
import { bashCompletion } from '../describe/bash-completion.ts';
import { describeCommands } from '../describe/command-doc.ts';
import { fishCompletion } from '../describe/fish-completion.ts';
import { zshCompletion } from '../describe/zsh-completion.ts';
import { networkOf } from '../load.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `waymark completion SHELL`: the command that prints the script which completes the application for that shell. */
export const completion = (shell: keyof typeof SCRIPTS, application: Application<Cli>) =>
  async function (this: Cli): Promise<void> {
    say(this, SCRIPTS[shell](await describeCommands(application)));
  };

/** `waymark completion hosts`: names of the network's hosts, for the scripts; no word about a network that can't be read. */
export async function completionHosts(this: Cli, { network }: { readonly network?: string }): Promise<void> {
  const { value } = await networkOf(this.machine, network);
  if (value) say(this, [...value.hosts.keys()].map((name) => `${name}\n`).join(''));
  else leave(this, EXIT.badInput);
}
