import { describe, expect, it } from 'vitest';
import { problemOf, readFromOutside, startOf } from './process-facts.ts';

describe('what the operating system says of a process', () => {
  it('is told apart: gone, somebody else’s, ours', () => {
    expect(problemOf(12, 'ESRCH')).toMatchObject({ code: 'no-such-process' });
    expect(problemOf(12, 'EPERM')).toMatchObject({ code: 'process-not-ours' });
    expect(problemOf(12, undefined)).toBeUndefined();
  });

  it('is nothing, and no error, when it is gone', () => {
    expect(readFromOutside(2 ** 22 + 1)).toEqual({});
    expect(startOf(2 ** 22 + 1)).toBeUndefined();
  });
});
