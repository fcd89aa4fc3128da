import { settingsPlaces } from '../../../guard/index.ts';
import { hasErrors, type Diagnostic } from '../../../ip/index.ts';
import type { Cli } from '../context.ts';
import { allowedHere } from './allow-of-machine.ts';
import { behindProxyHere } from './behind-proxy-here.ts';
import type { Checked } from './check/asked.ts';
import { checkDelivery } from './check/check-delivery.ts';
import { checkKernel } from './check/check-kernel.ts';
import { checkPageUser } from './check/check-page-user.ts';
import { checkPorts } from './check/check-ports.ts';
import { checkPrograms } from './check/check-programs.ts';
import { checkWay } from './check/check-way.ts';
import { isPageHere } from './delivery.ts';
import { isAnswering } from './guard-status.ts';
import { pageLook } from './page-look.ts';
import { settingsFileOf, settingsOf } from './settings-of-machine.ts';

/** All that would keep a guard from working on this machine, with its place in the settings. Nothing is changed. */
export async function checkGuard(cli: Cli, named: string | undefined): Promise<readonly Diagnostic[]> {
  const { machine, self } = cli;
  const { value: settings, diagnostics } = await settingsOf(machine, named);
  const file = await settingsFileOf(machine, named);
  const text = file === null ? '' : await machine.readFile(file);
  const at = settingsPlaces(typeof text === 'string' ? text : text.ok ? text.value : '', file ?? '-');
  const asked: Checked = { machine, settings, at, file, self, isRunning: await isAnswering(machine, settings) };
  const programs = await checkPrograms(asked);
  const isHere = await isPageHere(machine, settings);
  return [
    ...diagnostics,
    ...(await pageLook(machine, settings)).diagnostics.filter((d) => d.code !== 'file-missing'),
    ...(await allowedHere(machine, settings)).diagnostics,
    ...programs,
    // what is missing can't be asked
    ...(hasErrors(programs) ? [] : [...(await checkKernel(asked)), ...(isHere ? await checkPageUser(asked) : [])]),
    ...(hasErrors(programs) ? [] : await checkWay(asked)),
    ...(await checkPorts(asked, isHere)),
    ...(await checkDelivery(asked)),
    ...(await behindProxyHere(machine, settings)),
  ];
}
