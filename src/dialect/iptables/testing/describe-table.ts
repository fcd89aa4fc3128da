import { formatAddress, formatPrefix } from '../../../ip/index.ts';
import type { Element, ElementsRef, FilterTable, NatTarget, Statement, Value } from '../../../model/index.ts';

/** A table as text, in nft's manner, a line a chain and a rule: for golden files. */
export function describeTable(table: FilterTable): string {
  const lines = [`table ${table.family} ${table.name}`];
  for (const { name, hook, rules } of table.chains.values()) {
    lines.push(`  chain ${name}${hook ? ` ${hook.type} ${hook.hook} ${hook.priority} ${hook.policy}` : ''}`);
    for (const rule of rules)
      lines.push(`    ${rule.fact.line}: ${rule.statements.map(describeStatement).join(' ; ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function describeStatement(s: Statement): string {
  switch (s.kind) {
    case 'match':
      return `${describeValue(s.left)} ${s.op} ${describeValue(s.right)}`;
    case 'member':
      return `${describeValue(s.left)} ${s.negated ? 'not in' : 'in'} ${describeElements(s.of)}`;
    case 'verdict':
      return 'chain' in s.verdict ? `${s.verdict.kind} ${s.verdict.chain}` : s.verdict.kind;
    case 'reject':
      return `reject ${s.with.kind === 'icmp' ? `icmp ${s.with.type}/${s.with.code}` : s.with.kind}`;
    case 'set-mark':
      return `${s.target} mark = ${describeValue(s.value)}`;
    case 'set-field':
      return `${s.field} = ${describeValue(s.value)}`;
    case 'snat':
    case 'dnat':
      return `${s.kind} ${describeTarget(s.to)}`;
    case 'masquerade':
    case 'redirect':
      return `${s.kind} ${describeTarget(s)}`.trim();
    case 'notrack':
      return s.kind;
    case 'verdict-map':
      return 'verdict-map';
    default:
      return `${s.kind} <${s.text}>`;
  }
}

function describeTarget(to: NatTarget): string {
  const parts: string[] = [];
  if (to.address) parts.push(describeValue(to.address));
  if (to.addressRange) parts.push(`${formatAddress(to.addressRange.from)}-${formatAddress(to.addressRange.to)}`);
  if (to.netmap) parts.push(`netmap ${formatPrefix(to.netmap)}`);
  if (to.port) parts.push(`port ${describeValue(to.port)}`);
  if (to.portRange) parts.push(`port ${to.portRange.from}-${to.portRange.to}`);
  return parts.join(' ');
}

function describeValue(v: Value): string {
  switch (v.kind) {
    case 'number':
      return v.number > 65535 ? `0x${v.number.toString(16)}` : String(v.number);
    case 'address':
      return formatAddress(v.address);
    case 'text':
      return `"${v.text}"`;
    case 'field':
      return v.field;
    case 'meta':
      return `meta ${v.key}`;
    case 'ct':
      return `ct ${v.key}`;
    case 'binary':
      return `(${describeValue(v.left)} ${v.op} ${describeValue(v.right)})`;
    case 'masked-address':
      return `(${describeValue(v.of)} & ${formatAddress(v.mask)})`;
    case 'concat':
      return v.parts.map(describeValue).join(' . ');
    case 'fib':
      return `fib ${v.flags.join('.')} ${v.result}`;
    default:
      return v.kind;
  }
}

function describeElements(of: ElementsRef): string {
  return of.kind === 'inline'
    ? `{ ${of.entries.map((e) => describeElement(e.key)).join(', ')} }`
    : `${of.kind} ${of.name}`;
}

function describeElement(e: Element): string {
  switch (e.kind) {
    case 'number':
      return String(e.number);
    case 'address':
      return formatAddress(e.address);
    case 'text':
      return e.text;
    case 'name-start':
      return `${e.start}*`;
    case 'number-range':
      return `${e.from}-${e.to}`;
    case 'address-range':
      return `${formatAddress(e.from)}-${formatAddress(e.to)}`;
    case 'prefix':
      return formatPrefix(e.prefix);
    case 'concat':
      return e.parts.map(describeElement).join(' . ');
    case 'anything':
      return '*';
  }
}
