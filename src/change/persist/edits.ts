import {
  ifcfgRoutes,
  ifcfgWith,
  ifupdownWith,
  keyfileRoutes,
  keyfileWith,
  netplanIds,
  netplanRoutes,
  networkdRoutes,
  persistWithNetplan,
  persistWithNetworkd,
  withinLimits,
  type KeptChange,
  type PersistedRoute,
  type RouteDialect,
} from '../../dialect/index.ts';
import type { Machine } from '../../host/index.ts';
import { failure, success, type Result } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { readText, type FileEdit } from '../file-edit.ts';
import { OWN_PROTOCOL, sameWay } from '../route-key.ts';
import type { Claim, KeeperName } from './claim.ts';
import { filesIn } from './find-claims.ts';

/** How the routes of a link become others in the files of who keeps them. `about` is any route of the change. */
export interface Wish extends KeptChange {
  readonly about: Route;
}

type Editor = (machine: Machine, claim: Claim, wish: Wish) => Promise<Result<readonly FileEdit[]>>;

const EDITORS: Readonly<Record<KeeperName, Editor>> = {
  ifupdown: (machine, claim, wish) =>
    rewritten(machine, { path: claim.file, tell: [], mode: 0o644 }, wish, (text, change) =>
      ifupdownWith(text, claim.id, change),
    ),
  NetworkManager: (machine, claim, wish) =>
    rewritten(machine, { path: claim.file, tell: loading(claim), mode: 0o600 }, wish, keyfileWith),
  ifcfg: (machine, claim, wish) => {
    const name = wish.about.prefix.address.family === 6 ? 'route6' : 'route';
    const tell = claim.isLive ? loading(claim) : [];
    return rewritten(
      machine,
      { path: claim.file.replace(/[^/]*$/, `${name}-${claim.id}`), tell, mode: 0o644 },
      wish,
      ifcfgWith,
    );
  },
  netplan: async (machine, claim, wish) => {
    const files = await filesIn(machine, '/etc/netplan', /\.yaml$/);
    const declared = files.flatMap(([, text]) => netplanIds(text)).find((i) => i.id === claim.id);
    const say = (route: Route): PersistedRoute => persistWithNetplan(route, claim.id, declared?.section);
    return ownFile(machine, { language: netplanRoutes, say, others: files, mode: 0o600 }, wish);
  },
  'systemd-networkd': async (machine, claim, wish) => {
    const unit = claim.file.slice(claim.file.lastIndexOf('/') + 1);
    const others = await filesIn(machine, `/etc/systemd/network/${unit}.d`, /\.conf$/);
    const main = await machine.readFile(claim.file);
    const all = [...(main.ok ? [[claim.file, main.value] as const] : []), ...others];
    const say = (route: Route): PersistedRoute => {
      const kept = persistWithNetworkd(route, unit);
      return { ...kept, content: `${kept.content}Protocol=${OWN_PROTOCOL}\n` };
    };
    return ownFile(machine, { language: networkdRoutes, say, others: all, mode: 0o644 }, wish);
  },
};

const LANGUAGES: Readonly<Record<KeeperName, RouteDialect | null>> = {
  netplan: netplanRoutes,
  'systemd-networkd': networkdRoutes,
  NetworkManager: keyfileRoutes,
  ifcfg: ifcfgRoutes,
  ifupdown: null,
};

/** The files as they are to be; none where all is so already. Codes: `keeper-cannot`, `fact-unreadable` and those of `readBytes`. */
export async function editsOf(machine: Machine, claim: Claim, wish: Wish): Promise<Result<readonly FileEdit[]>> {
  const language = LANGUAGES[claim.by];
  const lost = wish.wanted && language ? withinLimits(wish.wanted, language.limits).cannot : [];
  if (lost.length > 0)
    return failure('keeper-cannot', `${claim.by} has no words for ${lost.join(', ')}`, 'leave --persist out, and run the command at every start'); // prettier-ignore
  if (claim.file.startsWith('/run/') || claim.file.startsWith('/usr/')) {
    if (claim.by === 'NetworkManager')
      return failure('keeper-cannot', `the connection is in ${claim.file}, which does not outlast a reboot`, 'nmcli connection modify NAME connection.autoconnect yes, which saves it, and then again'); // prettier-ignore
  }
  return EDITORS[claim.by](machine, claim, wish);
}

/** NetworkManager writes the file out of its memory when the connection is next changed. It stays as it is on the link. */
const loading = ({ file }: Claim): readonly (readonly string[])[] => [['nmcli', 'connection', 'load', file]];

async function rewritten(
  machine: Machine,
  { path, tell, mode }: Pick<FileEdit, 'path' | 'tell' | 'mode'>,
  wish: Wish,
  rewrite: (text: string, change: KeptChange) => Result<string>,
): Promise<Result<readonly FileEdit[]>> {
  const before = await readText(machine, path);
  if (!before.ok) return before;
  const { wanted } = wish;
  if (wanted && before.value !== null) {
    const without = rewrite(before.value, { isGone: (r) => sameWay(r, wanted), wanted: null });
    if (!without.ok || without.value !== before.value) return success([]);
  }
  const text = rewrite(before.value ?? '', wish);
  if (!text.ok) return { ...text, message: `${path}: ${text.message}` };
  // nothing but its routes was in it
  const after = text.value.trim() === '' ? null : ended(before.value, text.value);
  return success(after === before.value ? [] : [{ path, before: before.value, after, mode, tell }]);
}

/** A file that is made ends its last line. */
const ended = (before: string | null, text: string): string => (before === null ? `${text}\n` : text);

interface OwnFiles {
  readonly language: RouteDialect;
  readonly say: (route: Route) => PersistedRoute;
  /** All files that say routes of the link, by path. */
  readonly others: readonly (readonly [string, string])[];
  readonly mode: number;
}

/** Who joins a folder's files by itself gets a file for each route. What people wrote into theirs is left to them. */
async function ownFile(
  machine: Machine,
  { language, say, others, mode }: OwnFiles,
  wish: Wish,
): Promise<Result<readonly FileEdit[]>> {
  const { file: path } = say(wish.about);
  if (path === null) return failure('keeper-cannot', `${language.title} has no words for this route`);
  for (const [file, text] of others) {
    const read = language.parse(text, file);
    const found = file === path ? undefined : read.value.find(wish.isGone);
    if (found && wish.wanted && sameWay(found, wish.wanted)) return success([]);
    if (found)
      return failure('keeper-cannot', `${file}:${found.fact.line ?? 1} says this route, and not in a file that Waymark wrote`, 'take it out there by hand'); // prettier-ignore
  }
  const before = await readText(machine, path);
  if (!before.ok) return before;
  const isOurs = before.value !== null && language.parse(before.value, path).value.some(wish.isGone);
  const after = wish.wanted ? say(wish.wanted).content : isOurs ? null : before.value;
  return success(after === before.value ? [] : [{ path, before: before.value, after, mode, tell: [] }]);
}
