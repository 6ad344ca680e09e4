import { metrics, type Metric, type RoundMeasurement } from '@perfkeel/core';
import { describe, expect, test } from 'vitest';
import { buildRun, type Draft } from '../../test/support/build-run.ts';
import { leak, load, lognormal } from '../../test/support/drafts.ts';
import { failing, grouped, passing } from '../../test/support/fixtures.ts';
import { recommendationsOf } from './recommendations.ts';

const ms = 1e6;
const sample = (metric: string, middle: number, count = 400): RoundMeasurement => ({
  metric,
  data: { kind: 'sample', values: lognormal(7, count, middle, 0.1) },
});
const exact = (metric: string, value: number): RoundMeasurement => ({ metric, data: { kind: 'exact', value } });

/** A load that misses its p99, with signals beside it. */
function slow(signals: readonly RoundMeasurement[], more: readonly Metric[] = [], over: Partial<Draft> = {}): Draft {
  const known = [...Object.values(metrics), ...more];
  return {
    id: 'checkout',
    kind: 'load',
    rounds: 3,
    metrics: [metrics.responseTime, ...signals.flatMap(({ metric }) => known.find(({ id }) => id === metric)!)],
    objectives: ['p99 < 10ms'],
    measure: () => [sample('response-time', 100 * ms), ...signals],
    ...over,
  };
}
const only = (draft: Draft) => recommendationsOf({ run: buildRun([draft]) })[0]!;

test('what is kept, and what was expected to be missed, needs no advice', () => {
  expect(recommendationsOf(passing())).toEqual([]);
  expect(recommendationsOf(grouped()).filter(({ benchmark }) => benchmark === 'cache without a bound')).toEqual([]);
});

test('every missed objective has something to try, the missed before the undecided', () => {
  const all = recommendationsOf(failing());
  expect(all.map(({ kind }) => kind)).toEqual([...all.map(({ kind }) => kind)].sort());
  expect(all.length).toBeGreaterThan(1);
  for (const { attempts, fate } of all) {
    expect(attempts.length).toBeGreaterThan(0);
    expect(fate).not.toBe('');
  }
});

test.each([
  [
    'a target that thinks',
    [sample('service-time', 98 * ms), sample('first-byte', 95 * ms)],
    /^at p99 the target took .* until its first byte, of .* for the whole answer$/,
    /passes inside the target before it answers/,
  ],
  [
    'an answer that is long on its way',
    [sample('service-time', 98 * ms), sample('first-byte', 5 * ms)],
    /^at p99 the target took /,
    /while the answer arrives/,
  ],
  [
    'too few connections',
    [sample('connection-wait', 60 * ms)],
    /^requests waited for a connection: p99/,
    /^Raise conn/,
  ],
  [
    'a late generator',
    [sample('schedule-lag', 60 * ms)],
    /^the generator itself was late: p99 of schedule-lag/,
    /another machine/,
  ],
  [
    'garbage',
    [exact('gc-time', 0.21), exact('allocated', 4e6)],
    /^21 % of the time went into collecting garbage; each operation allocates 4 MB$/,
    /^Allocate less/,
  ],
  ['computing', [exact('cpu-time', 95 * ms)], /^processor time is 95 ms, 9\d % of response-time$/, /^It is computing/],
  ['waiting', [exact('cpu-time', 5 * ms)], /^processor time is 5 ms, 5(\.\d)? % of response-time$/, /^It waits more/],
])('%s', (_, signals, evidence, attempt) => {
  const { evidence: told, attempts, kind, fate } = only(slow(signals));
  expect(kind).toBe('fail');
  expect(fate).toMatch(/ ms, .*(missed by|times the limit)/);
  expect(told[0]).toMatch(evidence);
  expect(attempts[0]).toMatch(attempt);
  expect(attempts.at(-1)).toBe('Ask perfkeel trend checkout since when it is so, where runs are stored.');
});

test('signals that are too small say nothing', () => {
  const { evidence } = only(
    slow([sample('connection-wait', 1 * ms), sample('schedule-lag', 2 * ms), exact('gc-time', 0.01)]),
  );
  expect(evidence).toEqual([]);
});

test('the component that takes most of the tail, and the slowest phase', () => {
  const part = (component: string, q?: number): Metric => ({
    id: q === undefined ? component : `${component}-of-p${q * 100}`,
    unit: q === undefined ? 'ns' : 'ratio',
    better: 'neither',
    part: { of: 'response-time', component, q },
  });
  const phase = (name: string): Metric => ({ ...metrics.responseTime, id: `${name}.response-time` });
  const signals = [
    exact('backend-of-p50', 0.5),
    exact('backend-of-p99', 0.62),
    exact('route-of-p99', 0.38),
    sample('calm.response-time', 40 * ms),
    sample('spike.response-time', 160 * ms),
  ];
  const declared = [part('backend', 0.5), part('backend', 0.99), part('route', 0.99), phase('calm'), phase('spike')];
  const { evidence, attempts } = only(slow(signals, declared));
  expect(evidence[0]).toBe('62 % of p99 is backend, 50 % of p50');
  expect(attempts[0]).toBe('Look into backend first: all else together is 38 % of it.');
  expect(evidence[1]).toMatch(/^p99 is [\d.]+ ms in spike, [\d.]+ ms in calm$/);
  expect(attempts[1]).toMatch(/p99 of spike\.response-time\.$/);
});

test.each([
  ['a part with too few values for a percentile is not held against the others', 400, 5, []],
  ['the greatest of many values is more than that of few: that says nothing', 9, 3, []],
  ['two parts with percentiles', 400, 40, [/^p90 is [\d.]+ ms in busy, [\d.]+ ms in rare$/]],
])('%s', (_, busy, rare, told) => {
  const phase = (name: string): Metric => ({ ...metrics.responseTime, id: `${name}.response-time` });
  const { evidence } = only(
    slow(
      [sample('busy.response-time', 160 * ms, busy), sample('rare.response-time', 40 * ms, rare)],
      [phase('busy'), phase('rare')],
      { rounds: 1 },
    ),
  );
  expect(evidence).toEqual(told.map((words) => expect.stringMatching(words) as string));
});

test('a moment that stands out', () => {
  const points = Array.from({ length: 20 }, (_, i) => [(i + 1) * 1e9, (i === 11 ? 340 : 12) * ms] as const);
  const series: RoundMeasurement = { metric: 'response-time', data: { kind: 'series', points } };
  expect(only(slow([series])).evidence).toEqual(['p99 stood out over time: 340 ms at 12 s']);
  const marks = [3, 11.2].map((at) => ({ at: at * 1e9, label: `a collection at ${at}` }));
  const marked: RoundMeasurement = { metric: 'response-time', data: { kind: 'series', points, marks } };
  expect(only(slow([marked])).evidence).toEqual([
    'p99 stood out over time: 340 ms at 12 s, with “a collection at 11.2”',
  ]);
});

test('failed requests in the words of the instrument, and a machine that was busy', () => {
  const warnings = [
    { code: 'failed-requests', message: '12 of 1000 failed: 12 reset' },
    { code: 'machine-busy', message: 'the processors were busy 100 % of the time' },
  ];
  const errors: RoundMeasurement = { metric: 'errors', data: { kind: 'count', events: 120, trials: 1000 }, warnings };
  const { evidence, attempts } = only(slow([errors], [], { objectives: ['errors < 1%'] }));
  expect(evidence).toEqual(warnings.map(({ message }) => message));
  expect(attempts[0]).toMatch(/^Read the first message/);
  expect(attempts[1]).toMatch(/^Measure again on a quiet machine/);
});

test('a refusal is told what it asks for', () => {
  const attemptAt = (status: number): string | undefined => {
    const warnings = [{ code: 'failed-requests', message: `12 of 1000 failed: 12 status (status ${status})` }];
    const errors: RoundMeasurement = { metric: 'errors', data: { kind: 'count', events: 120, trials: 1000 }, warnings };
    return only(slow([errors], [], { objectives: ['errors < 1%'] })).attempts[0];
  };
  expect(attemptAt(429)).toMatch(/^The target limits the rate \(429\): .*rate limit/);
  expect(attemptAt(415)).toContain("headers: { 'content-type': 'application/json' }");
  expect(attemptAt(500)).toMatch(/^Read the first message/);
});

test('what holds the target up comes first, with everything that may be done about it, when most rounds say so', () => {
  const pool = {
    code: 'pool-exhausted',
    message: 'work waited 814 ms on average for one of 2 pooled connections',
    remedies: ['Raise the size of the pool.', 'Hold connections for a shorter time.'],
  };
  const once = { code: 'slow-queries', message: 'a query took 30 ms', remedies: ['Look at its plan.'] };
  const draft = slow([sample('schedule-lag', 60 * ms)]);
  const course: RoundMeasurement = { metric: 'response-time', data: { kind: 'series', points: [[1e9, ms]] } };
  const measure = (round: number): readonly RoundMeasurement[] =>
    [...draft.measure!(round), course].map((each) =>
      each.data.kind === 'sample' && each.metric === 'response-time'
        ? { ...each, warnings: round === 0 ? [once, pool] : [pool] }
        : each,
    );
  const { evidence, attempts } = only({ ...draft, measure });
  expect(evidence).toEqual([pool.message, expect.stringMatching(/^the generator itself was late/)]);
  expect(attempts.slice(0, 2)).toEqual(pool.remedies);
});

describe('a leak names first', () => {
  const command = 'perfkeel heap diff .perf/heap/a-1.heapsnapshot.br .perf/heap/a-2.heapsnapshot.br --iterations 500';
  const keeps = { code: 'keeps', message: 'Map (store.byId), kept by module a.ts: +1 Visit, 72 B. Give it a bound.' };
  const kept = { code: 'snapshot-kept', message: `the heap after "growth < 64B/op" was missed, twice: ${command}` };

  test.each([
    ['the container that was found', [kept, keeps], 'Look at what keeps it: Map (store.byId), kept by module a.ts.'],
    ['the snapshots that were taken', [kept], `Compare the two snapshots that were taken: ${command}`],
    ['the option that takes snapshots', [], expect.stringContaining("snapshots: 'on-failure'")],
  ])('%s', (_, warnings, attempt) => {
    const draft = leak('sessions', { value: 212, lo: 208, hi: 217, confidence: 0.95 });
    const measure = (round: number): readonly RoundMeasurement[] =>
      draft.measure!(round).map((each) => ({ ...each, warnings }));
    expect(only({ ...draft, measure }).attempts[0]).toEqual(attempt);
  });
});

test('what is undecided says first what would decide it', () => {
  const [open] = recommendationsOf(failing()).filter(({ kind }) => kind === 'inconclusive');
  expect(open!.attempts[0]).toMatch(/ would decide it\.$/);
});

test('the words and numbers of load', () => {
  expect(recommendationsOf({ run: buildRun([load('a', ['p99 < 1ms'])]) })[0]).toMatchObject({
    kind: 'fail',
    benchmark: 'a',
  });
});
