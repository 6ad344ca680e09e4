import { performance } from 'node:perf_hooks';
import { nanosFromMs, type Clock } from '@perfkeel/core';
import type { Hopeless } from './beyond-rescue.ts';
import type { AnyWork, FunctionWork, LoadWork } from './load-options.ts';
import { planLoad, type LoadPlan } from './load-plan.ts';
import type { LoadResult } from './load-result.ts';
import { doubtsAbout } from './load-warnings.ts';
import { prepareGenerator, type GeneratorEnd } from './loop/generator.ts';
import type { LoadPace } from './profile/pace-options.ts';
import type { LoadRecord } from './record/load-recorder.ts';
import { LoadWatch } from './record/load-watch.ts';
import { summariseLoad } from './record/summarise-load.ts';
import { checkTargetReached } from './target-reached.ts';
import type { CsvRow } from './work/read-csv.ts';
import { prepareWorkers } from './workers/worker-generator.ts';

/** What a run of load may be given besides what it sends. */
export interface LoadContext {
  /** Where the target answers: http or https. */
  readonly url: string;
  /** Of the Poisson arrivals and think times. @default 1 */
  readonly seed?: number;
  /** @default the monotonic clock of this process */
  readonly clock?: Clock;
  /** Ends the run early; what was measured so far is returned, with the rest counted as dropped. */
  readonly signal?: AbortSignal;
  /** Called once a second with one short line. */
  readonly onProgress?: (text: string) => void;
}

/** Functions may know by themselves where to go. */
export type PlaceOptional = Omit<LoadContext, 'url'> & { readonly url?: string };

export type GenerateLoadOptions<Row = CsvRow> =
  (LoadWork<Row> & LoadPace & LoadContext) | (AnyWork<Row> & FunctionWork<Row> & LoadPace & PlaceOptional);

/**
 * Sends load to a url and measures it, with no runner around.
 *
 * @returns what happened to every request; failures of requests are data and never throw
 * @throws PerfError `bad-load`, `bad-stage`, `bad-request`, `bad-data` or `bad-quantity` for wrong options;
 * `target-refused` or `target-not-found` when nothing ever connected.
 * @example
 * const result = await generateLoad({ url: 'http://127.0.0.1:3000', requests: { path: '/' }, rate: '100/s', for: '10s' });
 * console.log(result.responseTime.quantile(0.99) / 1e6, 'ms');
 */
export async function generateLoad<Row = CsvRow>(options: GenerateLoadOptions<Row>): Promise<LoadResult> {
  return runPlan(planLoad(options), options);
}

/**
 * Sends planned load.
 *
 * @param hopeless asked once a second whether there is still something to measure for
 */
export async function runPlan(
  plan: LoadPlan,
  context: PlaceOptional,
  hopeless: Hopeless = () => undefined,
): Promise<LoadResult> {
  const { signal, seed = 1, onProgress, clock = processClock, url } = context;
  const stop = new AbortController();
  const prepare = plan.workers > 0 ? prepareWorkers : prepareGenerator;
  const generator = await prepare(plan, { url, seed, clock, signal: eitherOf(stop.signal, signal) });
  const { now, ended } = generator.start();
  const { records } = generator;
  const tallies = records.map(({ whole }) => whole);
  const utilisation = (): number => generator.utilisation();
  let reason: string | undefined;
  const onLook = (): void => {
    reason ??= hopeless(records);
    if (reason !== undefined) stop.abort();
  };
  const watch = new LoadWatch({ profile: plan.profile, tallies, now, utilisation, onProgress, onLook });
  try {
    const end = await ended;
    checkTargetReached(url, end.accounts);
    return resultOf(plan, records, end, watch.stop(), reason);
  } finally {
    watch.stop();
  }
}

const eitherOf = (own: AbortSignal, given: AbortSignal | undefined): AbortSignal =>
  given === undefined ? own : AbortSignal.any([own, given]);

const processClock: Clock = { now: () => nanosFromMs(performance.now()) };

function resultOf(
  { profile, endpoints }: LoadPlan,
  records: readonly LoadRecord[],
  { health, interrupted, cutAnswers, accounts }: GeneratorEnd,
  series: LoadResult['series'],
  stoppedBy: string | undefined,
): LoadResult {
  const counted = summariseLoad(profile, endpoints, records);
  const measured = { ...counted, firstMessages: accounts.firstMessages, health, series, interrupted };
  const early = stoppedBy === undefined ? [] : [{ code: 'stopped-early', message: `the load was ended: ${stoppedBy}` }];
  return { ...measured, warnings: [...doubtsAbout({ ...measured, cutAnswers }), ...early] };
}
