import { createHistogram, nanos, perSecond, type Histogram } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { failureKinds, type FailureKind } from './failure.ts';
import { doubtsAbout } from './load-warnings.ts';
import { ConnectionTally, sumConnections } from './record/connection-tally.ts';

const times = (ms: number, count = 1000): Histogram => {
  const histogram = createHistogram();
  for (let i = 0; i < count; i++) histogram.record(ms * 1e6);
  return histogram;
};

const failures = (some: Partial<Record<FailureKind, number>> = {}) => ({
  ...(Object.fromEntries(failureKinds.map((kind) => [kind, 0])) as Record<FailureKind, number>),
  ...some,
});

const fit = { eventLoopUtilisation: 0.2, runQueueWait: 0.01, waitPerTurn: 10e3, idle: 0.8, pressure: 0.05 };

const healthy: Parameters<typeof doubtsAbout>[0] = {
  model: 'open',
  duration: nanos(10e9),
  scheduled: 1000,
  completed: 1000,
  failed: 0,
  dropped: 0,
  retried: 0,
  replayed: 0,
  connections: sumConnections([new ConnectionTally()]),
  censored: 0,
  failures: failures(),
  firstMessages: {},
  statuses: { 200: 1000 },
  responseTime: times(5),
  serviceTime: times(5),
  scheduleLag: times(0.1),
  connectionWait: times(0.01),
  firstByte: times(4),
  phases: [],
  endpoints: [],
  series: [],
  throughput: perSecond(100),
  achieved: 1,
  health: fit,
  interrupted: false,
  cutAnswers: 0,
};

describe('doubts about a run', () => {
  it('are none when all is well', () => {
    expect(doubtsAbout(healthy)).toEqual([]);
  });

  it.each<[string, Partial<typeof healthy>, string[]]>([
    ['most answers send elsewhere', { statuses: { 200: 400, 302: 600 } }, ['redirected']],
    ['most answers send elsewhere, as they should', { statuses: { 302: 600 }, expectsRedirects: true }, []],
    ['some answers send elsewhere', { statuses: { 200: 600, 302: 400 } }, []],
    ['3 ms late on a fast target', { scheduleLag: times(3) }, ['generator-late']],
    ['0.2 ms late on a very fast target', { scheduleLag: times(0.2), responseTime: times(0.3) }, []],
    ['0.6 ms late at the median, and the target took 5 ms', { scheduleLag: times(0.6) }, ['generator-late']],
    ['0.4 ms late at the median, and the target took 5 ms', { scheduleLag: times(0.4) }, []],
    ['late once, with nothing answered', { scheduleLag: times(1), responseTime: createHistogram() }, []],
    ['11 ms late, but the target took 200 ms', { scheduleLag: times(11), responseTime: times(200) }, []],
    [
      '21 ms late, and the target took 200 ms',
      { scheduleLag: times(21), responseTime: times(200) },
      ['generator-late'],
    ],
    ['busy', { health: { ...fit, eventLoopUtilisation: 0.95 } }, ['generator-busy']],
    ['without a processor', { health: { ...fit, runQueueWait: 0.2, waitPerTurn: 1e6 } }, ['generator-starved']],
    ['woken very often, each time at once', { health: { ...fit, runQueueWait: 0.2, waitPerTurn: 10e3 } }, []],
    ['on a machine that has nothing left', { health: { ...fit, idle: 0.01 } }, ['machine-busy']],
    ['on a machine under pressure that has something left', { health: { ...fit, pressure: 0.5 } }, []],
    [
      'where the system says nothing',
      { health: { ...fit, pressure: undefined, runQueueWait: undefined, waitPerTurn: undefined } },
      [],
    ],
    ['2 % short', { achieved: 0.98 }, ['generator-behind']],
    ['one straggler of 20', { achieved: 0.95, scheduled: 20 }, []],
    ['stopped half-way', { achieved: 0.5, interrupted: true }, []],
    ['out of files', { firstMessages: { other: 'connect EMFILE 127.0.0.1:1' } }, ['generator-exhausted']],
    [
      'out of ports',
      { failed: 5, censored: 5, failures: failures({ out_of_ports: 5 }), firstMessages: { out_of_ports: 'connect' } },
      ['out-of-ports', 'censored'],
    ],
    ['timeouts', { failed: 5, censored: 5, failures: failures({ timeout: 5 }) }, ['censored']],
    ['resets', { failed: 5, censored: 5, failures: failures({ reset: 5 }) }, ['censored']],
    ['a retry', { retried: 1 }, ['retried']],
    ['a replay', { replayed: 1 }, ['replayed']],
    [
      'failures in spite of retries',
      { retried: 300, censored: 101, failed: 101 },
      ['failing-after-retries', 'retried', 'censored'],
    ],
    ['wrong statuses, which have times', { failed: 5, failures: failures({ status: 5 }) }, []],
    ['answers that failed, 3 % of them', { failed: 30, wrongAnswerTime: times(1, 30) }, []],
    ['answers that failed, more of them', { failed: 31, wrongAnswerTime: times(1, 31) }, ['failed-times']],
    ['a closed model', { model: 'closed', scheduleLag: undefined, achieved: undefined }, ['closed-model']],
    ['nothing timed', { responseTime: createHistogram(), scheduleLag: createHistogram() }, []],
    ['answers cut in two', { cutAnswers: 1 }, ['cut-answers']],
  ])('%s', (_, change, codes) => {
    expect(doubtsAbout({ ...healthy, ...change }).map(({ code }) => code)).toEqual(codes);
  });

  it.each<[string, Partial<typeof healthy>, 'fail' | 'verdict' | undefined]>([
    ['another load than was meant', { achieved: 0.98 }, 'verdict'],
    ['no processor', { health: { ...fit, runQueueWait: 0.4, waitPerTurn: 1e6 } }, 'verdict'],
    ['a processor that came late', { health: { ...fit, runQueueWait: 0.2, waitPerTurn: 1e6 } }, 'fail'],
    ['a busy loop in the open model', { health: { ...fit, eventLoopUtilisation: 0.95 } }, 'verdict'],
    ['lateness, which makes times worse and never better', { scheduleLag: times(3) }, 'fail'],
    ['a full machine, which does the same', { health: { ...fit, idle: 0.01 } }, 'fail'],
    ['timeouts, which have their rank', { failed: 5, censored: 5, failures: failures({ timeout: 5 }) }, undefined],
  ])('%s: forbidden is what does not follow', (_, change, forbids) => {
    expect(doubtsAbout({ ...healthy, ...change }).map((warning) => warning.forbids)).toEqual([forbids]);
  });

  it('leave a closed model that fills the machine alone: that is what it does', () => {
    const closed = { model: 'closed', scheduleLag: undefined, achieved: undefined } as const;
    const filling = { ...healthy, ...closed, health: { ...fit, idle: 0, eventLoopUtilisation: 0.95 } };
    expect(doubtsAbout(filling).map(({ code, forbids }) => [code, forbids])).toEqual([
      ['closed-model', undefined],
      ['generator-busy', undefined],
    ]);
  });

  it('say what the times are without those of refusals', () => {
    const responseTime = createHistogram(times(0.5, 700).toData(), times(21, 300).toData());
    const limited = { ...healthy, failed: 700, responseTime, wrongAnswerTime: times(0.5, 700) };
    const said = doubtsAbout({ ...limited, firstMessages: { status: 'status 429' } })[0];
    expect(said).toEqual({
      code: 'failed-times',
      message:
        '70 % of the times are of answers that failed, with p50 500 µs; of the others p50 is 21 ms; 429 says that the target limits the rate',
    });
    const none = doubtsAbout({ ...healthy, failed: 1000, wrongAnswerTime: times(5) })[0];
    expect(none?.message).toBe('100 % of the times are of answers that failed, with p50 5 ms');
  });

  it('say that nobody was let in, whether or not that was a failure', () => {
    const message = 'all 360 answers were 302: no redirect is followed, so what lies behind it was not measured';
    for (const completed of [360, 0]) {
      expect(doubtsAbout({ ...healthy, completed, statuses: { 302: 360 } })[0]?.message).toBe(message);
    }
  });

  it('say where the quantiles end', () => {
    const message = (timeout: number): string | undefined =>
      doubtsAbout({ ...healthy, failed: 15, censored: 15, failures: failures({ timeout, reset: 15 - timeout }) })[0]
        ?.message;
    expect(message(15)).toContain('15 of 1000 requests had no answer in time');
    expect(message(15)).toContain('above p98.5');
    expect(message(5)).toContain('had no answer, 5 of them in time');
    expect(message(0)).toContain('had no answer: they count');
  });
});
