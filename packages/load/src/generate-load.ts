import { performance } from 'node:perf_hooks';
import { nanosFromMs, type Clock } from '@perfkeel/core';
import { HealthWatch } from './health/generator-health.ts';
import type { AnyWork, FunctionWork, LoadWork } from './load-options.ts';
import { planLoad, type LoadPlan } from './load-plan.ts';
import type { LoadResult } from './load-result.ts';
import { doubtsAbout } from './load-warnings.ts';
import type { AutocannonEnd } from './loop/autocannon-loop.ts';
import { stopwatch, type LoadRun, type LoopEnd } from './loop/load-run.ts';
import { prepareLoop } from './loop/prepare-loop.ts';
import type { LoadPace } from './profile/pace-options.ts';
import { measuredWindow } from './profile/phase.ts';
import { LoadRecorder } from './record/load-recorder.ts';
import { LoadWatch } from './record/load-watch.ts';
import { summariseLoad } from './record/summarise-load.ts';
import { checkTargetReached } from './target-reached.ts';
import type { CsvRow } from './work/read-csv.ts';

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

/** Sends planned load. */
export async function runPlan(plan: LoadPlan, context: PlaceOptional): Promise<LoadResult> {
  const { signal, seed = 1, onProgress, clock = processClock, url } = context;
  const recorder = new LoadRecorder(plan.profile.phases, plan.endpoints.length, plan.timeout);
  const run: LoadRun = { recorder, timeout: plan.timeout, seed, signal };
  const startLoop = await prepareLoop(plan, run, url);
  const now = stopwatch(clock);
  const watch = new LoadWatch({ profile: plan.profile, tallies: [recorder.whole], now, onProgress });
  const health = new HealthWatch(measuredWindow(plan.profile.phases));
  try {
    const end = await startLoop(now);
    checkTargetReached(url, recorder);
    return resultOf(plan, recorder, end, { health: health.stop(), series: watch.stop() });
  } finally {
    health.stop();
    watch.stop();
  }
}

const processClock: Clock = { now: () => nanosFromMs(performance.now()) };

function resultOf(
  { profile, endpoints }: LoadPlan,
  recorder: LoadRecorder,
  end: LoopEnd & Partial<AutocannonEnd>,
  watched: Pick<LoadResult, 'health' | 'series'>,
): LoadResult {
  const measured = { ...summariseLoad(profile, endpoints, recorder), ...watched, interrupted: end.interrupted };
  return { ...measured, warnings: doubtsAbout({ ...measured, cutAnswers: end.cutAnswers ?? 0 }) };
}
