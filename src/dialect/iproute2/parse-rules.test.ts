import { describe, expect, it } from 'vitest';
import { parseRules } from './index.ts';

describe('rules with numbers for names (ip -N)', () => {
  it.each([
    ['6', 'blackhole'],
    ['7', 'unreachable'],
    ['8', 'prohibit'],
  ])('reads action %s as %s', (number, kind) => {
    const text = `[{"priority":53,"not":null,"src":"all","dst":"10.1.0.1","action":"${number}","protocol":"0"}]`;
    const { value, diagnostics } = parseRules(text, 'ip -N rule', 4);
    expect(diagnostics).toEqual([]);
    expect(value[0]).toMatchObject({ priority: 53, not: true, action: { kind } });
  });

  it('reads a protocol written as a number', () => {
    const text = '[{"priority":55,"src":"all","ipproto":"ipproto-6","dport":80,"table":"100","protocol":"0"}]';
    expect(parseRules(text, 'ip -N rule', 4).value[0]).toMatchObject({ protocol: 6, dport: { from: 80, to: 80 } });
  });

  it('says what it can not read', () => {
    const { value, diagnostics } = parseRules('[{"priority":5,"src":"all","action":"99"}]', 'ip -N rule', 4);
    expect(value).toEqual([]);
    expect(diagnostics).toHaveLength(1);
  });
});
