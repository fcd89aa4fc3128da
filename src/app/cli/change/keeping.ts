import {
  checkEdits,
  checkOf,
  claimsOn,
  decide,
  editsOf,
  samePlace,
  sameWay,
  type Claim,
  type FileEdit,
  type Hands,
  type Wish,
} from '../../../change/index.ts';
import { shellLine } from '../../../dialect/index.ts';
import { failure, success, type Diagnostic, type Result } from '../../../ip/index.ts';
import type { Host, Route } from '../../../model/index.ts';
import { fileDiff } from '../../../render/index.ts';
import type { RoutePlan, Verb } from './plan.ts';

/** How a change is kept over a reboot. */
export interface Keeping {
  readonly claim: Claim;
  readonly edits: readonly FileEdit[];
}

/** Where the copies for a system's own checker lie, below the folder of the journal. */
const checkFolder = (hands: Hands): string => `${hands.journal.folder}/check`;

/** Who keeps the route's link, and what changes in its files. Codes: `keeper-unclear`, `keeper-cannot` and those of `editsOf`. */
export async function keepingOf(hands: Hands, host: Host, verb: Verb, plan: RoutePlan): Promise<Result<Keeping>> {
  if (hands.system.name !== 'linux')
    return failure(
      'keeper-cannot',
      '--persist is for Linux',
      'networksetup -setadditionalroutes keeps IPv4 routes here; it replaces all, which -getadditionalroutes shows',
    );
  const wish = wishOf(verb, plan);
  const dev = linkOf(host, wish.about);
  if (dev === undefined)
    return failure('keeper-unclear', 'this route has no link, and there is no default route whose link could keep it', 'leave --persist out, and run the command at every start'); // prettier-ignore
  const claim = decide(dev, await claimsOn(hands.machine, dev));
  if (!claim.ok) return claim;
  const edits = await editsOf(hands.machine, claim.value, wish);
  return edits.ok ? success({ claim: claim.value, edits: edits.value }) : edits;
}

function wishOf(verb: Verb, { before, after }: RoutePlan): Wish {
  const about = verb === 'del' ? before.find((r) => !after.includes(r))! : after[0]!;
  if (verb === 'del') return { about, wanted: null, isGone: (r) => sameWay(r, about) };
  return { about, wanted: about, isGone: (r) => samePlace(r, about) };
}

/** The route's link. One that refuses packets has none: it goes with the link of the default route. */
function linkOf(host: Host, { nexthops, prefix, type }: Route): string | undefined {
  const own = type === 'unicast' ? nexthops.find((n) => n.dev !== undefined)?.dev : undefined;
  if (own !== undefined || type === 'unicast') return own;
  const defaults = host.routes.filter((r) => r.prefix.length === 0 && r.nexthops[0]?.dev !== undefined);
  const best = defaults.find((r) => r.prefix.address.family === prefix.address.family) ?? defaults[0];
  return best?.nexthops[0]?.dev;
}

/** What happens to files, as a person reads it before it is done. */
export function keepingText(hands: Hands, { claim, edits }: Keeping): string {
  const diffs = edits.map(({ path, before, after, tell }) =>
    [fileDiff(path, before, after), ...tell.map((argv) => `${shellLine(argv)}\n`)].join(''),
  );
  const check = checkOf(claim, edits, checkFolder(hands));
  return [...(check ? [`${shellLine(check.argv)}\n`] : []), ...diffs].join('');
}

/** Who keeps it, and by what that was found out. */
export function keeperLines({ claim, edits }: Keeping): readonly string[] {
  const kept = `kept by ${claim.by} (${claim.why})`;
  if (edits.length === 0) return [kept, 'its files need no change'];
  const later = LATER[claim.by];
  return [kept, ...edits.map(({ path, after }) => `${after === null ? 'goes' : 'is written'}: ${path}`), later];
}

const LATER: Readonly<Record<Claim['by'], string>> = {
  netplan: "netplan reads it at the next start, or by 'netplan apply'",
  'systemd-networkd': "systemd-networkd reads it at the next start, or by 'networkctl reload'",
  NetworkManager: 'NetworkManager reads it now, and uses it when the connection is next brought up',
  ifupdown: 'it counts from the next ifup, or start, on',
  ifcfg: 'it counts from when the link is next brought up',
};

/** Asks the system's own checker. Codes: those of `checkEdits`. */
export const checked = (hands: Hands, { claim, edits }: Keeping): Promise<readonly Diagnostic[]> =>
  checkEdits(hands.machine, claim, edits, checkFolder(hands));
