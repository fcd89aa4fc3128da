import { routeText } from '../../../change/index.ts';
import { hasErrors } from '../../../ip/index.ts';
import type { Route } from '../../../model/index.ts';
import { routeListJson } from '../../../render/index.ts';
import { handsOf } from '../change/hands.ts';
import { say, type Cli } from '../context.ts';
import { stopsAt } from '../report.ts';

/** `waymark route list`: the routes that Waymark made and that are there, or with `--all` all but the kernel's own. */
export async function routeList(this: Cli, flags: { readonly all?: boolean; readonly json?: boolean }): Promise<void> {
  const hands = await handsOf(this);
  const { value, diagnostics } = await hands.system.read(this.machine);
  if (hasErrors(diagnostics) && stopsAt(this, diagnostics)) return;
  const made = new Set((await hands.journal.all()).flatMap((c) => (c.end === 'back' ? [] : c.after.map(routeText))));
  // a table that says who made a route is believed; where it does not, the journal is
  const isOwn = (r: Route): boolean =>
    hands.system.name === 'linux' ? r.protocol === hands.system.protocol : made.has(routeText(r));
  const shown = value.filter((r) => (flags.all ? r.protocol !== 'kernel' : isOwn(r)));
  if (flags.json) say(this, JSON.stringify(routeListJson(shown, routeText, isOwn), null, 2));
  else say(this, shown.map((r) => `${routeText(r)}\n`).join(''));
}
