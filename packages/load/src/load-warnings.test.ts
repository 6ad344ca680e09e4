import { createHistogram, nanos, perSecond, type Histogram } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { failureKinds, type FailureKind } from './failure.ts';
import { doubtsAbout } from './load-warnings.ts';

const times = (ms: number, count = 1000): Histogram => {
  const histogram = createHistogram();
  for (let i = 0; i < count; i++) histogram.record(ms * 1e6);
  return histogram;
};

const failures = (some: Partial<Record<FailureKind, number>> = {}) => ({
  ...(Object.fromEntries(failureKinds.map((kind) => [kind, 0])) as Record<FailureKind, number>),
  ...some,
});

const healthy: Parameters<typeof doubtsAbout>[0] = {
  model: 'open',
  duration: nanos(10e9),
  scheduled: 1000,
  completed: 1000,
  failed: 0,
  dropped: 0,
  censored: 0,
  failures: failures(),
  firstMessages: {},
  statuses: { 200: 1000 },
  responseTime: times(5),
  serviceTime: times(5),
  scheduleLag: times(0.1),
  throughput: perSecond(100),
  achieved: 1,
  eventLoopUtilisation: 0.2,
  interrupted: false,
  cutAnswers: 0,
};

describe('doubts about a run', () => {
  it('are none when all is well', () => {
    expect(doubtsAbout(healthy)).toEqual([]);
  });

  it.each<[string, Partial<typeof healthy>, string[]]>([
    ['11 ms late on a fast target', { scheduleLag: times(11) }, ['generator-late']],
    ['0.6 ms late at the median, and the target took 5 ms', { scheduleLag: times(0.6) }, ['generator-late']],
    ['0.4 ms late at the median, and the target took 5 ms', { scheduleLag: times(0.4) }, []],
    ['late once, with nothing answered', { scheduleLag: times(1), responseTime: createHistogram() }, []],
    ['11 ms late, but the target took 200 ms', { scheduleLag: times(11), responseTime: times(200) }, []],
    [
      '21 ms late, and the target took 200 ms',
      { scheduleLag: times(21), responseTime: times(200) },
      ['generator-late'],
    ],
    ['busy', { eventLoopUtilisation: 0.95 }, ['generator-busy']],
    ['2 % short', { achieved: 0.98 }, ['generator-behind']],
    ['one straggler of 20', { achieved: 0.95, scheduled: 20 }, []],
    ['stopped half-way', { achieved: 0.5, interrupted: true }, []],
    ['out of files', { firstMessages: { other: 'connect EMFILE 127.0.0.1:1' } }, ['generator-exhausted']],
    ['timeouts', { failed: 5, censored: 5, failures: failures({ timeout: 5 }) }, ['censored']],
    ['resets', { failed: 5, failures: failures({ reset: 5 }) }, ['untimed-failures']],
    ['wrong statuses, which have times', { failed: 5, failures: failures({ status: 5 }) }, []],
    ['a closed model', { model: 'closed', scheduleLag: undefined, achieved: undefined }, ['closed-model']],
    ['nothing timed', { responseTime: createHistogram(), scheduleLag: createHistogram() }, []],
    ['answers cut in two', { cutAnswers: 1 }, ['cut-answers']],
  ])('%s', (_, change, codes) => {
    expect(doubtsAbout({ ...healthy, ...change }).map(({ code }) => code)).toEqual(codes);
  });

  it('say where the quantiles end', () => {
    const [warning] = doubtsAbout({ ...healthy, failed: 15, censored: 15, failures: failures({ timeout: 15 }) });
    expect(warning?.message).toContain('15 of 1000 times are timeouts');
    expect(warning?.message).toContain('above p98.5');
  });
});
