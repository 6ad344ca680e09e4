import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { LoadRecorder } from './load-recorder.ts';

const recorder = (): LoadRecorder => new LoadRecorder({ start: nanos(100), end: nanos(200) }, nanos(50));

describe('the recorder', () => {
  it('attributes a request by its intended start, and throughput by its end', () => {
    const r = recorder();
    r.answered(90, 95, 110, 200, true); // warm-up, answered inside the window
    r.answered(100, 105, 130, 200, true); // inside
    r.answered(199, 205, 220, 200, true); // inside, answered behind it
    r.answered(200, 200, 201, 200, true); // behind
    expect([r.completed, r.completedInWindow]).toEqual([2, 2]);
    expect([r.responseTime.min, r.responseTime.max]).toEqual([21, 30]);
    expect([r.serviceTime.min, r.serviceTime.max]).toEqual([15, 25]);
  });

  it('times an answer with the wrong status, and counts it as failed', () => {
    const r = recorder();
    r.answered(100, 105, 130, 500, false);
    expect([r.completed, r.failed, r.failures.status, r.responseTime.count]).toEqual([0, 1, 1, 1]);
    expect([r.statuses, r.firstMessages]).toEqual([{ 500: 1 }, { status: 'status 500' }]);
  });

  it('times a timeout as "at least", from the intended start', () => {
    const r = recorder();
    r.failedWith(100, 107, { kind: 'timeout', message: 'late' });
    expect([r.responseTime.max, r.serviceTime.max, r.failed]).toEqual([57, 50, 1]);
  });

  it('counts any other failure, but does not time it', () => {
    const r = recorder();
    r.failedWith(100, 107, { kind: 'reset', message: 'first' });
    r.failedWith(101, 107, { kind: 'reset', message: 'second' });
    r.failedWith(1, 2, { kind: 'reset', message: 'warm-up' });
    expect([r.failures.reset, r.failed, r.responseTime.count]).toEqual([2, 2, 0]);
    expect(r.firstMessages).toEqual({ reset: 'first' });
    expect(r.whole.failures.reset).toBe(3);
  });

  it('counts what was sent late, and what was dropped', () => {
    const r = recorder();
    r.sent(150, 160);
    r.sent(199, 230);
    r.sent(10, 150);
    r.droppedAt(199);
    r.droppedAt(300);
    expect([r.scheduleLag.count, r.scheduleLag.max, r.sentInWindow, r.dropped]).toEqual([2, 31, 1, 1]);
  });
});
