import { buildCommand } from '@stricli/core';
import { argument, jsonFlag, offering, valued, yes } from '../flags.ts';
import { withUsage } from './with-usage.ts';

const USAGE = 'TEXT|FILE|- [--from NAME] [--to NAMES] [--json]';

const languages = async (): Promise<readonly string[]> =>
  (await import('../../../dialect/index.ts')).ROUTE_DIALECTS.flatMap(({ name, words }) => [name, ...words]);

/** Flags and help of `waymark route translate`. */
export const translate = withUsage(
  buildCommand({
    loader: async () => (await import('../command/route-translate.ts')).routeTranslate,
    parameters: {
      flags: {
        from: offering(valued('NAME', 'Language that the routes are in; else it is recognised'), languages),
        to: offering(valued('NAMES', 'Languages to print, with commas between; else all'), languages),
        router: valued('ADDRESS', 'Default gateway, which DHCP option 121 has to hold'),
        verbose: yes('Print also what was left out of a listing, and why'),
        json: jsonFlag,
      },
      aliases: { v: 'verbose' },
      positional: {
        kind: 'array',
        parameter: argument('TEXT|FILE', 'A command, or a file of routes; - is standard input'),
      },
    },
    docs: {
      brief: "Say a route in every other system's language",
      customUsage: [USAGE],
      fullDescription: [
        'Reads a route as one system writes it (a command, a file, or a whole listing',
        'such as netstat -rn) and prints it as others do; of a command that takes a route',
        'away, those that take it away. What a language cannot say is said beside it.',
        'With one --to, only the text is on standard output.',
        'Exit: 0 done, 1 a language of --to cannot say a route, 2 bad input.',
        '',
        'Example:',
        "  waymark route translate 'sudo route -n add -net 10.67.0.0/16 192.168.120.254'",
      ].join('\n'),
    },
  }),
  USAGE,
);
