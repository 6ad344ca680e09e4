import { nanos, nanosFromMs, type Nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { createArrivalSchedule } from '../profile/arrival-schedule.ts';
import { constant, type Phase } from '../profile/phase.ts';
import { LoadRecorder } from '../record/load-recorder.ts';
import { sumTallies } from '../record/tally.ts';
import type { SenderFactory } from '../work/sender.ts';
import { closedLoop } from './closed-loop.ts';
import type { SendingRun, StartLoop } from './load-run.ts';
import { openLoop } from './open-loop.ts';
import { timerPacer } from './pacer.ts';

/** A sender that breaks its promise: it never says how anything ended. */
const silentSender: SenderFactory = () => ({
  endpointOf: () => -1,
  send: () => {},
  hasRoom: () => true,
  close: () => {},
});

const phase: Phase = { name: 'steady', duration: nanos(4e9), level: constant(100), record: true };

/** The monotonic clock of the process, but 40 times as fast. */
function fastClock(): () => Nanos {
  const start = performance.now();
  return () => nanosFromMs((performance.now() - start) * 40);
}

async function resultOf(start: (run: SendingRun) => StartLoop) {
  const recorder = new LoadRecorder([phase], 0, nanos(1e9));
  const run: SendingRun = {
    createSender: silentSender,
    recorder,
    timeout: nanos(1e9),
    seed: 1,
    signal: undefined,
    stripe: { worker: 0, of: 1 },
  };
  const end = await start(run)(fastClock());
  return { ...end, ...sumTallies(recorder.phases) };
}

describe('requests that never have an outcome', () => {
  it.concurrent.each<[string, number, (run: SendingRun) => StartLoop]>([
    ['of arrivals', 400, (run) => openLoop(run, createArrivalSchedule({ phases: [phase] }).walk(), timerPacer)],
    [
      'of clients',
      100,
      (run) =>
        closedLoop(run, { model: 'closed', phases: [phase], think: { kind: 'uniform', from: nanos(0), to: nanos(0) } }),
    ],
  ])('%s are counted as timeouts: the run ends, and nothing is missing', async (_, count, start) => {
    const { sent, failed, completed, dropped, failures, responseTime, interrupted } = await resultOf(start);
    expect([sent, failed, completed, dropped]).toEqual([count, count, 0, 0]);
    expect([failures.timeout, responseTime.count, interrupted]).toEqual([count, count, false]);
    expect(responseTime.min).toBeGreaterThanOrEqual(1e9);
  });
});
