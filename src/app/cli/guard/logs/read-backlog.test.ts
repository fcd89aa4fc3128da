import { describe, expect, it } from 'vitest';
import { rotatedOf } from './read-backlog.ts';

describe('rotated files of a log', () => {
  it('are found by how logrotate names them, the oldest first', () => {
    const names = [
      'access.log',
      'access.log.1',
      'access.log.10.gz',
      'access.log.2.gz',
      'access.log.bak',
      'access.log.gz',
      'error.log.1',
    ];
    expect(rotatedOf('access.log', names)).toEqual(['access.log.10.gz', 'access.log.2.gz', 'access.log.1']);
    const dated = ['auth.log', 'auth.log-20261122', 'auth.log-20261031.gz', 'auth.log-20261121.gz'];
    expect(rotatedOf('auth.log', dated)).toEqual(['auth.log-20261031.gz', 'auth.log-20261121.gz', 'auth.log-20261122']);
  });
});
