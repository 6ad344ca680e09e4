import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { FailureKind } from './failure.ts';
import { constant, type Phase } from './profile/phase.ts';
import { LoadRecorder, type Sent } from './record/load-recorder.ts';
import { checkTargetReached, isHopeless } from './target-reached.ts';

const url = 'http://orders.example:8080/api';

const phase: Phase = { name: 'steady', duration: nanos(100), level: constant(1), record: true };
const sent: Sent = { phase: 0, endpoint: -1, intendedAt: 0, sentAt: 0 };

const after = (...kinds: FailureKind[]): LoadRecorder => {
  const recorder = new LoadRecorder([phase], 0, nanos(50));
  for (const kind of kinds) recorder.unanswered(sent, { kind, message: kind });
  return recorder;
};

const times = (count: number, kind: FailureKind): FailureKind[] => Array.from({ length: count }, () => kind);

describe('a target', () => {
  it('that refused everything has not been measured', () => {
    expect(() => checkTargetReached(url, after(...times(3, 'connect_refused')))).toThrow(
      'nothing accepts connections at http://orders.example:8080, tried with all 3 attempts',
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

  it('whose certificate nobody trusts has not been measured, and the option is named', () => {
    const recorder = after();
    recorder.unanswered(sent, { kind: 'tls', message: 'self-signed certificate' });
    expect(() => checkTargetReached('https://orders.example/api', recorder)).toThrow(
      expect.objectContaining({
        message: 'no connection over TLS to https://orders.example: self-signed certificate, with the only attempt',
        hint: expect.stringMatching(/tls: \{ ca: .* --ca .*rejectUnauthorized: false.* \(--insecure\)/) as string,
      }),
    );
    expect(() => checkTargetReached(url, after('tls'))).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^Correct the url, if it is one for http/) as string }),
    );
  });

  it('that was reached once has been measured', () => {
    expect(() => checkTargetReached(url, after('connect_refused', 'reset'))).not.toThrow();
    expect(() => checkTargetReached(url, after())).not.toThrow();
  });

  it('is given up after thirty refusals, and not when one request got through', () => {
    expect(isHopeless(after(...times(29, 'connect_refused')))).toBe(false);
    expect(isHopeless(after(...times(30, 'connect_refused')))).toBe(true);
    const reached = after(...times(200, 'connect_refused'));
    reached.answered(sent, 1, { status: 200, bytes: 0 });
    expect(isHopeless(reached)).toBe(false);
  });
});
