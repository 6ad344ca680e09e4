import { createHistogram, nanos } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { evidenceWarnings } from './evidence-measurements.ts';
import { evidenceResult, type NamedTestimony } from './evidence-result.ts';
import { parseExposition } from './exposition/parse-exposition.ts';
import { matchSignals } from './signals/match-signals.ts';
import { SignalRecorder } from './signals/signal-recorder.ts';

const window = { start: nanos(0), end: nanos(2e9) };

/** What was told at 0, 1, 2 … seconds. */
function told(...pages: readonly string[]): SignalRecorder {
  const recorder = new SignalRecorder();
  pages.forEach((page, i) => recorder.add(nanos(i * 1e9), matchSignals(parseExposition(page))));
  return recorder;
}

const loop = (active: number, idle: number): string =>
  `nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="active"} ${active}\n` +
  `nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="idle"} ${idle}`;

const serviceTime = createHistogram();
for (let i = 0; i < 100; i++) serviceTime.record(5e6);
const measured = { serviceTime, connectionWait: createHistogram(), series: [], warnings: [], health: {}, failed: 0 };

const resultOf = (...testimonies: readonly NamedTestimony[]) =>
  evidenceResult(testimonies, measured as unknown as Parameters<typeof evidenceResult>[1], window);

const vitals = { kind: 'vitals', name: 'the process of the target', reads: 3 } as const;
const endpoint = { kind: 'endpoint', name: 'http://127.0.0.1:1/metrics', reads: 3 } as const;

it('of several processes the busiest one counts, and what it tells itself more than its page', () => {
  const wrapper = told(loop(5, 0), loop(5, 1), loop(5, 2));
  const server = told(loop(0, 5), loop(0.5, 5.5), loop(1, 6));
  const page = told(...[0, 4, 10].map((hits) => `nodejs_eventloop_utilization 0.1\ncache_hits_total ${hits}`));
  const result = resultOf({ ...vitals, programs: [wrapper, server] }, { ...endpoint, programs: [page] });
  expect(result.server).toMatchObject({ loopUtilisation: 0.5, loopActive: 1e9, cacheHits: 10 });
  expect(result.course.map(({ end, loopUtilisation, cacheHits }) => [end, loopUtilisation, cacheHits])).toEqual([
    [1e9, 0.5, 4],
    [2e9, 0.5, 6],
  ]);
  expect(result.missing).toEqual([]);
});

it('what is answered behind the end counts, and how busy the target is then does not', () => {
  const server = told(
    '',
    `${loop(1, 0)}\ncache_hits_total 1`,
    `${loop(2, 0)}\ncache_hits_total 2`,
    `${loop(2, 8)}\ncache_hits_total 5`,
  );
  expect(resultOf({ ...vitals, programs: [server] }).server).toMatchObject({
    loopUtilisation: 1,
    cacheHits: 5,
    end: 2e9,
  });
});

it('who was asked once or never is missing', () => {
  const result = resultOf(
    { ...vitals, reads: 1, programs: [told(loop(1, 1))] },
    { ...endpoint, reads: 0, programs: [], failure: 'connect ECONNREFUSED' },
  );
  expect(result.missing).toEqual([
    'the process of the target told nothing: it was read once only, which says nothing of a change',
    'the metrics at http://127.0.0.1:1/metrics could not be read: connect ECONNREFUSED',
  ]);
  expect([result.server, result.diagnoses]).toEqual([undefined, []]);
  expect(result.unjudged).toEqual(['the target, which told nothing']);
});

it('moments at which nobody told anything could not be judged, and a metric that was left out is named', () => {
  const page = (hits: number): string => `cache_hits ${hits}\ncache_hits_total ${hits}`;
  const result = resultOf({
    ...{ ...endpoint, silences: 2, failure: 'no answer within 1 s' },
    programs: [told(page(0), page(4), page(10))],
  });
  expect(result.unjudged.at(-1)).toBe(
    '2 of 5 moments, when http://127.0.0.1:1/metrics told nothing: no answer within 1 s',
  );
  expect(result.leftOut).toEqual(['cache_hits_total was read, and not cache_hits beside it']);
  expect(evidenceWarnings(result).map(({ code }) => code)).toEqual(['not-judged', 'told-twice']);
  expect(result.server?.cacheHits).toBe(10);
});
