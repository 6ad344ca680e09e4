import { createHistogram, metrics, type HistogramData, type RoundMeasurement, type Run } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { buildRun, type Draft } from '../../test/support/build-run.ts';
import { renderHtml, renderJson, renderMarkdown, renderTerminal } from '../index.ts';
import { quantileText, viewBenchmarks, type MetricView } from './benchmark-view.ts';

const [ms, timeout] = [1e6, 10_000 * 1e6];

/** So many quick answers, and so many requests that nobody answered. */
function timesOf(answered: number, unanswered: number): HistogramData {
  const histogram = createHistogram();
  for (let i = 0; i < answered; i++) histogram.record(5 * ms + i * 1000);
  for (let i = 0; i < unanswered; i++) histogram.record(timeout);
  return histogram.toData();
}

const times = (metric: string, answered: number, unanswered: number): RoundMeasurement => ({
  metric,
  data: { kind: 'histogram', histogram: timesOf(answered, unanswered) },
});
const share = (metric: string, events: number, trials: number): RoundMeasurement => ({
  metric,
  data: { kind: 'count', events, trials },
});
const partOf = (part: string) =>
  [metrics.responseTime, metrics.errors].map((metric) => ({ ...metric, id: `${part}.${metric.id}` }));

/** As load tells it: the number stands in its remark. */
const remark = (unanswered: number, of: number) => ({
  code: 'censored',
  message: `${unanswered} of ${of} requests had no answer in time: they count as "at least" the timeout`,
});

const checkout = (unanswered: number, objectives: readonly string[] = [], rounds = 1): Draft => ({
  ...{ id: 'checkout', kind: 'load', rounds, objectives },
  metrics: [metrics.responseTime, metrics.serviceTime, metrics.errors, ...partOf('browse'), ...partOf('pay')],
  measure: () => [
    { ...times('response-time', 100 - unanswered, unanswered), warnings: [remark(unanswered, 100)] },
    { metric: 'response-time', data: { kind: 'series', points: [[1e9, timeout]] } },
    times('service-time', 100 - unanswered, unanswered),
    share('errors', unanswered + 2, 100),
    // Of the two parts, one has only wrong answers.
    times('browse.response-time', 50, 0),
    share('browse.errors', 2, 50),
    times('pay.response-time', 50 - unanswered, unanswered),
    share('pay.errors', unanswered, 50),
  ],
});

function textsOf(run: Run): (metric: string, q: number) => string {
  const { metrics: views } = viewBenchmarks(run)[0]!;
  const named = (id: string): MetricView => views.find(({ metric }) => metric.id === id)!;
  return (metric, q) => quantileText(named(metric), q);
}

test('a quantile among requests without an answer is a lower bound, and every other one is not', () => {
  const text = textsOf(buildRun([checkout(2)]));
  expect([0.5, 0.98, 0.99, 1].map((q) => text('response-time', q))).toEqual(['5.05 ms', '5.1 ms', '≥ 10 s', '≥ 10 s']);
  expect([text('service-time', 0.99), text('pay.response-time', 1), text('browse.response-time', 1)]).toEqual([
    '≥ 10 s',
    '≥ 10 s',
    '5.05 ms',
  ]);
});

test('where all were answered nothing is one', () => {
  const text = textsOf(buildRun([checkout(0)]));
  expect([0, 0.5, 1].map((q) => text('response-time', q))).toEqual(['5 ms', '5.05 ms', '5.1 ms']);
});

test('a file that claims more of them than there are values breaks nothing', () => {
  const strange: Draft = {
    ...checkout(2),
    measure: () => [
      { metric: 'response-time', data: { kind: 'exact', value: 3 }, warnings: [remark(1e9, 5)] },
      { ...times('response-time', 3, 0), warnings: [remark(1e9, 5)] },
    ],
  };
  const run = buildRun([strange]);
  expect(textsOf(run)('response-time', 0.5)).toBe('≥ 5 ms');
  expect(renderHtml({ run })).not.toContain('class="curve" d="M72,NaN');
});

/** Of an open loop: 80 quick answers, 10 requests without one, and 10 answers after a wait that was longer than theirs. */
function backlog(objectives: readonly string[] = []): Run {
  const timesIn = (metric: string, late: number): RoundMeasurement => {
    const histogram = createHistogram(timesOf(80, 10));
    for (let i = 0; i < 10; i++) histogram.record(late);
    return { metric, data: { kind: 'histogram', histogram: histogram.toData() } };
  };
  return buildRun([
    {
      ...{ id: 'checkout', kind: 'load', rounds: 1, objectives, metrics: [metrics.responseTime, metrics.serviceTime] },
      measure: () => [
        { ...timesIn('response-time', 3 * timeout), warnings: [remark(10, 100)] },
        timesIn('service-time', 6 * ms),
      ],
    },
  ]);
}

test('an answer that took longer than the wait for one that never came does not make that one known', () => {
  const run = backlog(['p85 < 1s', 'p80 < 1s']);
  const text = textsOf(run);
  expect([0.8, 0.85, 0.9, 0.95].map((q) => text('response-time', q))).toEqual([
    '5.08 ms',
    '≥ 10 s',
    '≥ 10 s',
    '≥ 30 s',
  ]);
  expect([0.9, 0.95].map((q) => text('service-time', q))).toEqual(['6 ms', '≥ 10 s']);
  const { judgements } = (JSON.parse(renderJson({ run })) as { run: { judgements: readonly object[] } }).run;
  expect(judgements).toMatchObject([{ objective: 'p85 < 1s', lowerBound: true }, { objective: 'p80 < 1s' }]);
  expect(judgements[1]).not.toHaveProperty('lowerBound');
  // Two steps of the curve are dotted: those of the waits and of what is beyond them.
  const [, open] = /class="curve unanswered" d="([^"]+)"/.exec(renderHtml({ run }))!;
  expect(new Set([...open!.matchAll(/V([\d.]+)|,([\d.]+)/g)].map(([, v, y]) => v ?? y)).size).toBe(3);
});

test('every report says so', () => {
  const run = buildRun([checkout(45, ['p50 < 100ms', 'p90 < 1s', 'p70 < 9s', 'mean < 1s'], 3)]);
  const report = { run };
  const screen = renderTerminal(report, { colour: false, unicode: true, width: 120, verbose: true });
  expect(screen).toMatch(/✗ checkout {2}p90 < 1s +≥ 10 s +missed by at least 900 %/);
  expect(screen).toMatch(/checkout {2}mean < 1s +≥ 4\.5 s /);
  expect(screen).toMatch(/p50 5\.\d+ ms {3}p90 ≥ 10 s .* max ≥ 10 s/);
  expect(screen).toMatch(/5 ms █ +▇ ≥ 10 s {2}distribution/);
  expect(renderTerminal(report, { colour: false, unicode: false, width: 80 })).toContain('max >= 10 s');
  expect(renderMarkdown(report)).toMatch(/\| ≥ 10 s \| missed by at least 900 %/);
  const page = renderHtml(report);
  expect(page).toContain('<span>p90 </span>≥ 10 s');
  expect(page).not.toContain('until its first byte');
  expect(page).toMatch(/<td class="number">≥ 10 s<\/td><td><span class="interval-text"[^>]*>at least 10 s</);
  expect(page).toContain('135 requests had no answer: what is dotted is only known to be at least that.');
  const [, known, open] = /class="curve" d="([^"]+)".*?class="curve unanswered" d="([^"]+)"/s.exec(page)!;
  // The dotted part begins where the other one ends.
  expect(open!.startsWith(`M${/([\d.]+,[\d.]+)$/.exec(known!)![1]!}`)).toBe(true);
});

test('in JSON it is a field', () => {
  const written = JSON.parse(renderJson({ run: buildRun([checkout(45, ['p50 < 100ms', 'p99 < 1s'])]) })) as {
    readonly run: {
      readonly measurements: readonly { readonly metric: string; readonly censored?: number }[];
      readonly judgements: readonly { readonly objective: string; readonly lowerBound?: boolean }[];
    };
  };
  expect(written.run.measurements.map(({ metric, censored }) => [metric, censored])).toEqual([
    ['response-time', 45],
    ['response-time', undefined],
    ['service-time', 45],
    ['errors', undefined],
    ['browse.response-time', undefined],
    ['browse.errors', undefined],
    ['pay.response-time', 45],
    ['pay.errors', undefined],
  ]);
  expect(written.run.judgements.map(({ objective, lowerBound }) => [objective, lowerBound])).toEqual([
    ['p50 < 100ms', undefined],
    ['p99 < 1s', true],
  ]);
});
