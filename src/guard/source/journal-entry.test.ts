import { describe, expect, it } from 'vitest';
import { journalEntry } from './journal-entry.ts';

// as journalctl 252 writes entries
const ENTRY =
  '{"_HOSTNAME":"vm","SYSLOG_IDENTIFIER":"sshd","_BOOT_ID":"fc4c","__REALTIME_TIMESTAMP":"1795409919403090","__CURSOR":"s=df7b;i=a6e","_PID":"8608","MESSAGE":"Failed password for root from 192.0.2.30 port 5 ssh2"}';
const BYTES =
  '{"SYSLOG_IDENTIFIER":"bin","__CURSOR":"s=df7b;i=a6f","MESSAGE":[97,9,98,233,10,34],"_HOSTNAME":"vm","_PID":"8615","__REALTIME_TIMESTAMP":"1795409919409490"}';

const line = (change: object): string | null => journalEntry(JSON.stringify({ ...JSON.parse(ENTRY), ...change }))!.line;

describe("an entry of systemd's journal", () => {
  it('is what syslog would have written', () => {
    expect(journalEntry(ENTRY)).toEqual({
      line: '2026-11-23T04:58:39.403Z vm sshd[8608]: Failed password for root from 192.0.2.30 port 5 ssh2',
      cursor: 's=df7b;i=a6e',
    });
    expect(journalEntry(BYTES)!.line).toBe('2026-11-23T04:58:39.409Z vm bin[8615]: a\tb\u{e9} "');
  });
  it('stays one line of its program, whatever it says', () => {
    expect(line({ MESSAGE: 'a\nNov 21 10:00:00 vm sshd[1]: b' })).not.toContain('\n');
    expect(line({ SYSLOG_IDENTIFIER: 'x: sshd[1]: y z' })).toContain(' vm x__sshd_1___y_z[8608]: Failed');
    expect(line({ SYSLOG_IDENTIFIER: undefined, _PID: undefined })).toContain(' vm -: Failed');
    expect(line({ MESSAGE: ['two', 'three'] })).toMatch(/: two$/);
    expect(line({ MESSAGE: '\u{2028}\u{fffd}a' })).toMatch(/: \?\?a$/);
  });
  it('may say nothing, and still moves the cursor', () => {
    expect([line({ MESSAGE: null }), line({ MESSAGE: undefined }), line({ MESSAGE: 'x'.repeat(70_000) })]).toEqual([
      null,
      null,
      null,
    ]);
    expect([journalEntry('{}'), journalEntry('[]'), journalEntry('{"__CURS'), journalEntry('7')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
