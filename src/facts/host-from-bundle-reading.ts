import type { Diagnostic, Parsed } from '../ip/index.ts';
import { sectionOf, type Bundle, type BundleSection } from './bundle.ts';

/** A bundle that is being read, and what was wrong with it so far. */
export interface Reading {
  readonly bundle: Bundle;
  readonly diagnostics: Diagnostic[];
}

/** What facts of a section give as their source: `vpn.facts: iptables-save`, `vpn.facts: /etc/openvpn/server.conf`. */
export const sourceOf = (bundle: Bundle, command: string): string =>
  `${bundle.source}: ${command.replace(/^(file|management) /, '')}`;

/** Whether the command ran to its end. */
export const isGood = (section: BundleSection | undefined): section is BundleSection & { readonly code: 0 } =>
  section?.code === 0;

/** Whether there was no such command. */
export const isAbsent = (section: BundleSection | undefined): boolean => section === undefined || section.code === 127;

/** Whether the command failed for lack of rights. */
export const isDenied = (section: BundleSection): boolean =>
  section.errors.some((e) => /permission denied|not permitted|must be root/i.test(e));

/** Says that a section's command did not work: `privilege-missing`, `command-failed`, or `fact-unreadable`. */
export function noteFailure(reading: Reading, command: string, severity: 'error' | 'warning' = 'warning'): void {
  const section = sectionOf(reading.bundle, command);
  const source = reading.bundle.source;
  if (!section) {
    reading.diagnostics.push({ code: 'fact-unreadable', severity, message: `${source} has no section '${command}'` });
    return;
  }
  const line = Math.max(1, section.firstLine - 1);
  const span = { source, line, column: 1, length: command.length + 4, text: `=== ${command}` };
  const said = section.errors[0] ?? `exit code ${section.code}`;
  const problem = isDenied(section)
    ? ({ code: 'privilege-missing', hint: 'collect as root' } as const)
    : ({ code: 'command-failed' } as const);
  reading.diagnostics.push({ ...problem, severity, message: `${command}: ${said}`, span });
}

/** What a parser makes of a section; `otherwise` (and a diagnostic) when its command did not work. */
export function readSection<T>(
  reading: Reading,
  command: string,
  parse: (text: string, source: string) => Parsed<T>,
  otherwise: T,
): T {
  const section = sectionOf(reading.bundle, command);
  if (!isGood(section)) {
    noteFailure(reading, command);
    return otherwise;
  }
  const { value, diagnostics } = parse(section.text, sourceOf(reading.bundle, command));
  reading.diagnostics.push(...diagnostics);
  return value;
}
