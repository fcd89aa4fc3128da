import { field, isObject, listOf, numberField, textField, type Json } from './json.ts';
import { oneLine } from './print-value.ts';

const quoted = (text: string): string => `"${oneLine(text).replaceAll('"', "'").slice(0, 128)}"`;

/** `comment "…"`. */
export const commentText = (comment: string): string => `comment ${quoted(comment)}`;

/** `counter`, or with the name of a counter kept apart. The numbers are left out: they change with every packet. */
export const counterText = (body: Json): string =>
  typeof body === 'string' ? `counter name ${quoted(body)}` : 'counter';

/** `log prefix "…" level warn`. */
export function logText(body: Json): string {
  const prefix = textField(body, 'prefix');
  const words = ['level', 'group', 'snaplen', 'queue-threshold'].map((key) => {
    const value = field(body, key);
    return typeof value === 'string' || typeof value === 'number' ? ` ${key} ${oneLine(String(value))}` : '';
  });
  const flags = listOf(field(body, 'flags')).filter((f) => typeof f === 'string');
  const flagText = flags.length === 0 ? '' : ` flags ${oneLine(flags.join(','))}`;
  return `log${prefix === undefined ? '' : ` prefix ${quoted(prefix)}`}${words.join('')}${flagText}`;
}

/** `limit rate over 5/second burst 3 packets`, `limit name "ssh"`. */
export function limitText(body: Json): string {
  if (!isObject(body)) return `limit name ${quoted(typeof body === 'string' ? body : '?')}`;
  const unit = textField(body, 'rate_unit');
  const isPackets = unit === undefined || unit === 'packets';
  const rate = `${numberField(body, 'rate') ?? '?'}${isPackets ? '' : ` ${oneLine(unit)}`}/${oneLine(textField(body, 'per') ?? 'second')}`;
  const burst = numberField(body, 'burst') ?? 0;
  // what nft takes when nothing is written
  const isUsual = burst === (isPackets ? 5 : 0);
  const burstUnit = isPackets ? 'packets' : oneLine(textField(body, 'burst_unit') ?? 'bytes');
  return `limit rate ${field(body, 'inv') === true ? 'over ' : ''}${rate}${isUsual ? '' : ` burst ${burst} ${burstUnit}`}`;
}

/** `ct count over 20`. */
export const countText = (body: Json): string =>
  `ct count ${field(body, 'inv') === true ? 'over ' : ''}${numberField(body, 'val') ?? '?'}`;
