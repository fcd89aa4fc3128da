import type { Fact, Family } from '../../ip/index.ts';
import { ignores, type Faults, type Statement } from './faults.ts';
import { markOf, type Target } from './group.ts';
import { OF_VIRTUAL_SERVER, SCHEDULERS } from './keywords.ts';
import { readRealServer, unknown, type RealServerDraft } from './real-server.ts';
import { endAt, methodOf, numberIn, type Method } from './values.ts';

/** A virtual server as it is written. */
export interface VirtualServerDraft {
  readonly targets: readonly Target[];
  readonly at: Statement;
  readonly fact: Fact;
  readonly servers: RealServerDraft[];
  sorry: RealServerDraft | null;
  sorryMethod: Method | null;
  scheduler: string | null;
  method: Method | null;
  protocol: { readonly number: number; readonly at: Statement } | null;
  persistent: boolean;
  onePacket: boolean;
  fallback: boolean;
  family: Family | null;
  weight: number;
}

type Groups = ReadonlyMap<string, readonly Target[]>;

/** Reads a `virtual_server`; null when nobody can say where it stands, which is noted. */
export function readVirtualServer(at: Statement, groups: Groups, faults: Faults): VirtualServerDraft | null {
  const targets = targetsOf(at, groups, faults);
  if (targets.length === 0) return null;
  const draft: VirtualServerDraft = {
    targets,
    at,
    fact: { source: at.source, line: at.line, text: at.text.trim() },
    servers: [],
    sorry: null,
    sorryMethod: null,
    scheduler: null,
    method: null,
    protocol: null,
    persistent: false,
    onePacket: false,
    fallback: false,
    family: null,
    weight: 1,
  };
  for (const s of at.block ?? []) readSetting(draft, s, faults);
  return draft;
}

function targetsOf(at: Statement, groups: Groups, faults: Faults): readonly Target[] {
  const [, kind, name] = at.words;
  if (kind?.text === 'fwmark') return markOf(at, faults);
  if (kind?.text === 'group') {
    const group = groups.get(name?.text ?? '');
    if (!group) {
      const message = `virtual server group ${(name?.text ?? '').slice(0, 60)} is not configured: this virtual server is ignored`;
      faults.note(at, ['name-unknown', message], name);
    }
    return group ?? [];
  }
  const end = endAt(at, 1);
  if (end) return [{ kind: 'address', ...end }];
  const written = at.words.slice(1).map((w) => w.text).join('/'); // prettier-ignore
  faults.note(at, ignores(`Invalid virtual server IP address/port ${written.slice(0, 80)} - skipping`), kind);
  return [];
}

type Setting = (draft: VirtualServerDraft, at: Statement, faults: Faults) => void;

const method: Setting = (draft, at, faults) => {
  draft.method = methodOf(at, faults) ?? draft.method;
};

const scheduler: Setting = (draft, at, faults) => {
  const name = at.words[1]?.text ?? '';
  if (SCHEDULERS.has(name)) draft.scheduler = name;
  else faults.note(at, ignores(`Invalid lvs_scheduler '${name.slice(0, 60)}' - ignoring`), at.words[1]);
};

const fallback: Setting = (draft) => {
  draft.fallback = true;
};

const LONGEST_PERSISTENCE = 2678400;
const PROTOCOLS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

const SETTINGS: Readonly<Record<string, Setting>> = {
  lb_kind: method,
  lvs_method: method,
  lb_algo: scheduler,
  lvs_sched: scheduler,
  persistence_timeout: (draft, at, faults) => {
    const text = at.words[1]?.text;
    if (text === undefined || numberIn(text, 1, LONGEST_PERSISTENCE) !== null) draft.persistent = true;
    else {
      const message = `number '${text.slice(0, 60)}' outside range [1, ${LONGEST_PERSISTENCE}]: persistence_timeout invalid`;
      const hint = text === '0' ? 'leave the line out: without it there is no persistence' : undefined;
      faults.note(at, ignores(message, hint), at.words[1]);
    }
  },
  protocol: (draft, at, faults) => {
    const name = at.words[1]?.text ?? '';
    const number = PROTOCOLS[name];
    if (number === undefined) faults.note(at, ignores(`Unknown protocol ${name.slice(0, 60)} - ignoring`), at.words[1]);
    else draft.protocol = { number, at };
  },
  ops: (draft) => {
    draft.onePacket = true;
  },
  'sh-fallback': fallback,
  'flag-1': fallback,
  ip_family: (draft, at) => {
    draft.family = at.words[1]?.text === 'inet6' ? 6 : 4;
  },
  weight: (draft, at) => {
    draft.weight = numberIn(at.words[1]?.text, 1, 2147483647) ?? draft.weight;
  },
  quorum: (_, at, faults) => {
    const text = (at.words[1]?.text ?? '').slice(0, 60);
    if (numberIn(text, 1, 0xffffffff) === null)
      faults.note(at, ignores(`Quorum ${text} must be in [1, 4294967295]. Setting to 1.`), at.words[1]);
  },
  real_server: (draft, at, faults) => {
    const server = readRealServer(at, faults);
    if (server) draft.servers.push(server);
  },
  sorry_server: (draft, at, faults) => {
    draft.sorry = readRealServer(at, faults) ?? draft.sorry;
  },
  sorry_server_lvs_method: (draft, at, faults) => {
    draft.sorryMethod = methodOf(at, faults);
  },
};

function readSetting(draft: VirtualServerDraft, at: Statement, faults: Faults): void {
  const name = at.words[0]?.text ?? '';
  const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  const second = at.words.slice(2).find((w) => !w.quoted && Object.hasOwn(SETTINGS, w.text));
  if (second) {
    const message = `'${second.text}' and what follows it is passed over: Keepalived reads one statement a line`;
    faults.note(at, ['line-unknown', message, 'put it on a line of its own'], second);
  }
  if (setting) setting(draft, at, faults);
  else if (!OF_VIRTUAL_SERVER.has(name)) faults.note(at, unknown(name));
}
