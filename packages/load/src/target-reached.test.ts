import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { FailureKind } from './failure.ts';
import { LoadRecorder } from './load-recorder.ts';
import { checkTargetReached, isHopeless } from './target-reached.ts';

const url = new URL('http://orders.example:8080/api');

const after = (...kinds: FailureKind[]): LoadRecorder => {
  const recorder = new LoadRecorder({ start: nanos(0), end: nanos(100) }, nanos(50));
  for (const kind of kinds) recorder.failedWith(0, 0, { kind, message: kind });
  return recorder;
};

const times = (count: number, kind: FailureKind): FailureKind[] => Array.from({ length: count }, () => kind);

describe('a target', () => {
  it('that refused everything has not been measured', () => {
    expect(() => checkTargetReached(url, after(...times(3, 'connect_refused')))).toThrow(
      'nothing accepts connections at http://orders.example:8080, tried with all 3 requests',
    );
  });

  it('whose name nobody knows has not been measured', () => {
    expect(() => checkTargetReached(url, after('dns'))).toThrow(
      expect.objectContaining({
        code: 'target-not-found',
        message: expect.stringContaining('orders.example') as string,
      }),
    );
  });

  it('that was reached once has been measured', () => {
    expect(() => checkTargetReached(url, after('connect_refused', 'reset'))).not.toThrow();
    expect(() => checkTargetReached(url, after())).not.toThrow();
  });

  it('is given up after a hundred refusals, and not when one request got through', () => {
    expect(isHopeless(after(...times(99, 'connect_refused')))).toBe(false);
    expect(isHopeless(after(...times(100, 'connect_refused')))).toBe(true);
    const reached = after(...times(200, 'connect_refused'));
    reached.answered(0, 0, 1, 200, true);
    expect(isHopeless(reached)).toBe(false);
  });
});
