import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../failure.ts';
import { constant, type Phase } from '../profile/phase.ts';
import { LoadRecorder, type Sent } from './load-recorder.ts';
import { sumTallies } from './tally.ts';
import { withoutTimes } from './without-times.ts';

const phase = (name: string, record: boolean): Phase => ({
  name,
  duration: nanos(100),
  level: constant(1),
  record,
});

/** [0, 100) warms up, [100, 200) and [200, 300) are measured; requests time out after 50. */
const recorder = (): LoadRecorder =>
  new LoadRecorder([phase('warm-up', false), phase('one', true), phase('two', true)], 1, nanos(50));

const sent = (phase: number, intendedAt: number, sentAt: number, endpoint = -1): Sent => ({
  phase,
  endpoint,
  intendedAt,
  sentAt,
});

const wrong: Failure = { kind: 'status', message: 'status 500' };
const ok = { status: 200, bytes: 10 };
const counted = (r: LoadRecorder, phase: number) => sumTallies([r.phases[phase]!]);

describe('the recorder', () => {
  it('attributes a request by its intended start, and throughput by its end', () => {
    const r = recorder();
    r.answered(sent(0, 90, 95), 110, ok);
    r.answered(sent(1, 100, 105), 130, ok);
    r.answered(sent(1, 199, 205), 320, ok);
    r.answered(sent(2, 200, 200), 299, ok);
    expect([0, 1, 2].map((i) => counted(r, i).completed)).toEqual([1, 2, 1]);
    // The third of them was complete behind the end.
    expect([0, 1, 2].map((i) => counted(r, i).completedInWindow)).toEqual([0, 2, 1]);
    const { responseTime, serviceTime, bytes } = counted(r, 1);
    expect([responseTime.min, responseTime.max, serviceTime.min, serviceTime.max, bytes]).toEqual([
      30, 121, 25, 115, 20,
    ]);
  });

  it('tells the wait for a connection from the first byte, where the driver sees them', () => {
    const r = recorder();
    r.answered(sent(1, 100, 105), 130, { ...ok, writtenAt: nanos(112), firstByteAt: nanos(125) });
    r.answered(sent(1, 100, 105), 130, ok);
    const { connectionWait, firstByte } = counted(r, 1);
    expect([connectionWait.count, connectionWait.max, firstByte.count, firstByte.max]).toEqual([1, 7, 1, 20]);
  });

  it('times an answer with the wrong status, and counts it as failed', () => {
    const r = recorder();
    r.answered(sent(1, 100, 105), 130, { status: 500, bytes: 0 }, wrong);
    const { completed, failed, failures, responseTime, statuses, completedInWindow } = counted(r, 1);
    expect([completed, failed, failures.status, responseTime.max, completedInWindow]).toEqual([0, 1, 1, 30, 0]);
    expect([statuses, r.firstMessages]).toEqual([{ 500: 1 }, { status: 'status 500' }]);
  });

  it.each(['timeout', 'reset'] as const)('times a %s as "at least" the timeout, from the intended start', (kind) => {
    const r = recorder();
    r.unanswered(sent(1, 100, 107), { kind, message: 'first' });
    r.unanswered(sent(1, 100, 101), { kind, message: 'second' });
    const { responseTime, serviceTime, firstByte, connectionWait, failed, failures } = counted(r, 1);
    expect([responseTime.min, responseTime.max]).toEqual([51, 57]);
    expect([serviceTime.min, serviceTime.max, firstByte.min, connectionWait.count]).toEqual([50, 50, 50, 0]);
    expect([failed, failures[kind], r.firstMessages]).toEqual([2, 2, { [kind]: 'first' }]);
  });

  it('keeps the times of wrong answers apart as well', () => {
    const r = recorder();
    for (const [i, why] of [undefined, wrong, undefined].entries()) r.answered(sent(1, 100, 100), 110 + i, ok, why);
    const { responseTime, wrongAnswerTime } = counted(r, 1);
    expect([responseTime.count, wrongAnswerTime.count, wrongAnswerTime.max]).toEqual([3, 1, 11]);
    const others = withoutTimes(responseTime, wrongAnswerTime);
    expect([others.count, others.min, others.max]).toEqual([2, 10, 12]);
  });

  it('counts what was sent late, and what was dropped', () => {
    const r = recorder();
    r.sent(sent(1, 150, 160));
    r.sent(sent(1, 199, 230));
    r.unsent(1, -1);
    r.givenUp(1, -1);
    const totals = counted(r, 1);
    expect([totals.sent, totals.sentInTime, totals.unsent, totals.dropped]).toEqual([2, 1, 1, 2]);
    expect([totals.scheduleLag.min, totals.scheduleLag.max]).toEqual([10, 31]);
  });

  it('counts an endpoint in the measured phases', () => {
    const r = recorder();
    for (const phase of [0, 1, 2]) {
      const request = sent(phase, phase * 100, phase * 100, 0);
      r.sent(request);
      r.answered(request, phase * 100 + 7, ok, phase === 2 ? wrong : undefined);
    }
    r.unanswered(sent(1, 100, 100, 0), { kind: 'parse', message: '' });
    r.retried(sent(1, 100, 100, 0));
    r.replayed(sent(2, 200, 200, 0));
    const { completed, failed, responseTime, statuses, retried, replayed } = sumTallies(r.endpoints);
    expect([completed, failed, responseTime.count, responseTime.max]).toEqual([1, 2, 3, 50]);
    expect([statuses, retried, replayed]).toEqual([{ 200: 2 }, 1, 1]);
  });

  it('knows who never had a connection', () => {
    const r = recorder();
    r.unanswered(sent(0, 1, 2), { kind: 'connect_refused', message: '' });
    r.unanswered(sent(1, 1, 2), { kind: 'dns', message: '' });
    r.unanswered(sent(1, 1, 2), { kind: 'reset', message: '' });
    expect([r.settled, r.neverConnected]).toEqual([3, 2]);
  });
});
