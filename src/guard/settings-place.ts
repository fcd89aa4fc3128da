import * as z from 'zod/mini';
import { fileBeside, said, settingsPart } from './settings-part.ts';

/** What the guard works with on its machine. */
export interface PlaceSettings {
  readonly engine: 'nft' | 'iptables' | 'nginx' | 'haproxy';
  /** Where the decisions are kept. */
  readonly folder: string;
  /** Where commands speak to the guard that runs. */
  readonly socket: string;
  /** Who serves the page. */
  readonly user: string;
}

const USUAL: PlaceSettings = {
  engine: 'nft',
  folder: '/var/lib/waymark',
  socket: '/run/waymark/guard.sock',
  user: 'nobody',
};
const text = z.string();

/** `engine`, `folder`, `socket`, `user`. */
export const placeSettings = settingsPart({
  fields: {
    engine: said(
      'What carries blocks out: nft, or iptables with ipset; behind another proxy the nginx or haproxy of this machine',
      z.optional(z.enum(['nft', 'iptables', 'nginx', 'haproxy'])),
    ),
    folder: said('Where the decisions are kept; /var/lib/waymark when not said', z.optional(text)),
    socket: said('Where commands speak to the guard; /run/waymark/guard.sock when not said', z.optional(text)),
    user: said('Who serves the page, and can read the keys; nobody when not said', z.optional(text)),
  },
  usual: USUAL,
  read: ({ engine = USUAL.engine, folder, socket, user = USUAL.user }, document) => ({
    value: {
      engine,
      folder: fileBeside(folder ?? USUAL.folder, document),
      socket: fileBeside(socket ?? USUAL.socket, document),
      user,
    },
    diagnostics: [],
  }),
});
