import type { Clock, Nanos } from '@perfkeel/core';
import type { Hopeless } from './beyond-rescue.ts';
import { expectWitness, type WithEvidence } from './evidence/evidence-options.ts';
import { evidenceResult } from './evidence/evidence-result.ts';
import { prepareWitnesses } from './evidence/watch-evidence.ts';
import type { AnyWork, FunctionWork, LoadWork } from './load-options.ts';
import { planLoad, type LoadPlan } from './load-plan.ts';
import type { LoadResult } from './load-result.ts';
import { doubtsAbout } from './load-warnings.ts';
import { prepareGenerator, type GeneratorEnd } from './loop/generator.ts';
import { countPhases } from './count-phases.ts';
import type { LoadPace } from './profile/pace-options.ts';
import { measuredWindow } from './profile/phase.ts';
import type { LoadRecord } from './record/load-recorder.ts';
import { loadSoFar, type LoadSoFar } from './record/load-so-far.ts';
import { LoadWatch } from './record/load-watch.ts';
import { WindowWatch } from './record/window-watch.ts';
import { summariseLoad } from './record/summarise-load.ts';
import { checkTargetReached } from './target-reached.ts';
import { expectsRedirects } from './work/expects-redirects.ts';
import type { CsvRow } from './work/read-csv.ts';
import { withSetup, type Surroundings } from './work/with-setup.ts';
import { prepareWorkers } from './workers/worker-generator.ts';
import { processClock } from './process-clock.ts';

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

export type GenerateLoadOptions<Row = CsvRow, State = undefined> = WithEvidence &
  (
    | (LoadWork<Row, State> & LoadPace & LoadContext)
    | (AnyWork<Row> & FunctionWork<Row, State> & LoadPace & PlaceOptional)
  );

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
export async function generateLoad<Row = CsvRow, State = undefined>(
  options: GenerateLoadOptions<Row, State>,
): Promise<LoadResult> {
  const plan = planLoad(options);
  expectWitness(plan.evidence, options.url === undefined ? undefined : { kind: 'url', url: options.url });
  return runPlan(plan, options);
}

/** Of a target that perfkeel has started, it is also known where its processes tell of themselves. */
export type PlanContext = PlaceOptional & { readonly vitals?: string | undefined };

/** Who looks at a run while it is under way. */
export interface LoadOnlookers {
  /** Asked once a second whether there is still something to measure for. */
  readonly hopeless?: Hopeless | undefined;
  /** Gets what was measured so far, each time that so much time has passed. */
  readonly checkpoint?: { readonly every: Nanos; readonly keep: (soFar: LoadSoFar) => void } | undefined;
  /** Called when measured phases begin and end. Never with workers: what they allocate is on heaps of their own. */
  readonly counting?: ((moment: 'begins' | 'ends') => void) | undefined;
}

/** Sends planned load, between its setup and its teardown. */
export async function runPlan(
  plan: LoadPlan,
  context: PlanContext,
  onlookers: LoadOnlookers = {},
): Promise<LoadResult> {
  const { work, parameters } = plan;
  if (work.kind !== 'function' || (work.setup === undefined && work.teardown === undefined)) {
    return sendPlan(plan, context, onlookers);
  }
  const { url, signal = new AbortController().signal } = context;
  return withSetup(work as Surroundings<unknown>, { url, signal, parameters }, (setup) =>
    sendPlan({ ...plan, setup }, context, onlookers),
  );
}

async function sendPlan(
  plan: LoadPlan,
  context: PlanContext,
  { hopeless = () => undefined, checkpoint, counting }: LoadOnlookers,
): Promise<LoadResult> {
  const { signal, seed = 1, onProgress, clock = processClock, url, vitals } = context;
  const stop = new AbortController();
  const witnesses = plan.evidence && (await prepareWitnesses(plan.evidence, plan.profile, { url, vitals }, signal));
  const prepare = plan.workers > 0 ? prepareWorkers : prepareGenerator;
  const generator = await prepare(plan, { url, seed, clock, signal: eitherOf(stop.signal, signal) });
  const stopCounting = counting && plan.workers === 0 ? countPhases(plan.profile.phases, counting) : () => undefined;
  const { now, ended } = generator.start();
  const evidence = witnesses?.watch(now);
  const { records } = generator;
  const tallies = records.map(({ whole }) => whole);
  const utilisation = (): number => generator.utilisation();
  let reason: string | undefined;
  let kept = 0;
  const windows = new WindowWatch(plan.windows, plan.profile, records);
  const onLook = (intervals: () => LoadResult['series']): void => {
    windows.sample(now());
    reason ??= hopeless(records, windows.worst);
    if (reason !== undefined) stop.abort();
    else if (checkpoint !== undefined && now() - kept >= checkpoint.every) {
      kept = now();
      const soFar = loadSoFar(plan, records, { series: intervals(), windows: windows.worst }, now());
      if (soFar !== undefined) checkpoint.keep({ ...soFar, windows: windows.worst });
    }
  };
  const watch = new LoadWatch({ profile: plan.profile, tallies, now, utilisation, onProgress, onLook });
  try {
    const end = await ended;
    checkTargetReached(url, end.accounts);
    const result = { ...resultOf(plan, records, end, watch.stop(), reason), windows: windows.end(now()) };
    if (evidence === undefined || signal?.aborted === true) return result;
    const told = await evidence.stop();
    return { ...result, evidence: evidenceResult(told, result, measuredWindow(plan.profile.phases)) };
  } finally {
    stopCounting();
    evidence?.close();
    watch.stop();
  }
}

const eitherOf = (own: AbortSignal, given: AbortSignal | undefined): AbortSignal =>
  given === undefined ? own : AbortSignal.any([own, given]);

function resultOf(
  { profile, endpoints, work }: LoadPlan,
  records: readonly LoadRecord[],
  { health, collections, interrupted, cutAnswers, accounts }: GeneratorEnd,
  series: LoadResult['series'],
  stoppedBy: string | undefined,
): Omit<LoadResult, 'windows'> {
  const counted = summariseLoad(profile, endpoints, records);
  const measured = { ...counted, firstMessages: accounts.firstMessages, health, collections, series, interrupted };
  const early = stoppedBy === undefined ? [] : [{ code: 'stopped-early', message: `the load was ended: ${stoppedBy}` }];
  const doubts = doubtsAbout({ ...measured, cutAnswers, expectsRedirects: expectsRedirects(work) });
  return { ...measured, warnings: [...doubts, ...early] };
}
