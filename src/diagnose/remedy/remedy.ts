import { formatPrefix } from '../../ip/index.ts';
import type { Change } from '../../model/index.ts';
import type { FixKind, FixPart } from '../finding.ts';

/** Changes that may heal one failure. */
export interface Remedy extends FixPart {
  readonly changes: readonly Change[];
}

/**
 * What each kind costs: routes in one place before routes in many, and translation last, since it hides who asks and
 * shuts the way back.
 */
export const COST: Readonly<Record<Exclude<FixKind, 'combined'>, number>> = {
  'enable-forwarding': 1,
  'push-route': 1,
  'add-iroute': 1,
  'allow-ip': 1,
  'set-keepalive': 1,
  'set-endpoint': 1.5,
  'read-client-file': 1,
  'openvpn-route': 1,
  'fix-next-hop': 1,
  'remove-route': 1,
  'replace-route': 1,
  'route-on-router': 1,
  'default-gateway': 1,
  'accept-forward': 1.5,
  'accept-input': 1.5,
  'accept-output': 1.5,
  'client-route': 2,
  'route-on-target': 2,
  'start-virtual-server': 1,
  'restore-weight': 1,
  'add-virtual-server': 1.5,
  'take-in-marked': 1,
  'answer-by-rule': 2.5,
  'real-server-back': 1,
  'lift-check': 1,
  'loosen-rp-filter': 2.5,
  'hairpin-accept': 2.5,
  'dhcp-option-121': 3,
  'exempt-from-masquerade': 0.9,
  masquerade: 8,
};

/** Two remedies that write the same are the same. */
export const remedyKey = (remedy: Remedy): string =>
  `${remedy.kind} ${remedy.host} ${remedy.changes.map(changeKey).join(';')}`;

function changeKey(change: Change): string {
  switch (change.kind) {
    case 'add-route':
    case 'remove-route':
      return `${change.kind} ${change.host} ${change.route.fact.text}`;
    case 'set':
      return `${change.host} ${change.key}=${change.value}`;
    case 'add-iroute':
      return `${change.tunnel} ${change.commonName} ${formatPrefix(change.prefix)}`;
    case 'add-policy-rule':
      return `${change.host} ${change.rule.fact.text}`;
    case 'set-virtual-server':
      return `${change.host} ${change.server.fact.text} ${change.server.realServers.map((s) => s.weight).join()}`;
    case 'lift-check':
      return `${change.host} ${change.link}`;
    case 'set-peer': {
      const { dev, publicKey, set } = change;
      return [change.host, dev, publicKey, ...Object.values(set).map((v) => JSON.stringify(v))].join(' ');
    }
    case 'add-rule':
      return `${change.host} ${change.place.table} ${change.place.chain} ${change.rule.fact.text}`;
  }
}
