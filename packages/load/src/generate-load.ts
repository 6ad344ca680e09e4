import { performance } from 'node:perf_hooks';
import { nanosFromMs, perSecond, usageError, type Clock } from '@perfkeel/core';
import { prepareClosedLoop, type ClosedEnd } from './closed-loop.ts';
import { createHttpDriver } from './http-driver.ts';
import type { LoadPace, LoadWork } from './load-options.ts';
import { planLoad, type LoadPlan } from './load-plan.ts';
import { LoadRecorder } from './load-recorder.ts';
import type { LoadResult } from './load-result.ts';
import type { LoadRun, LoopEnd } from './load-run.ts';
import { doubtsAbout } from './load-warnings.ts';
import { watchUtilisation } from './loop-utilisation.ts';
import { runOpenLoop } from './open-loop.ts';
import { shown } from './shown.ts';
import { checkTargetReached } from './target-reached.ts';
import { steadyWindow } from './timeline.ts';

/** What a run of load may be given besides what it sends. */
export interface LoadContext {
  /** Where the target answers: http or https. */
  readonly url: string;
  /** Of the Poisson arrivals. @default 1 */
  readonly seed?: number;
  /** @default the monotonic clock of this process */
  readonly clock?: Clock;
  /** Ends the run early; what was measured so far is returned, with the rest counted as dropped. */
  readonly signal?: AbortSignal;
  /** Called once a second with one short line. */
  readonly onProgress?: (text: string) => void;
}

export type GenerateLoadOptions = LoadWork & LoadPace & LoadContext;

/**
 * Sends load to a url and measures it, with no runner around.
 *
 * @returns what happened to every request; failures of requests are data and never throw
 * @throws PerfError `bad-load`, `bad-request` or `bad-quantity` for wrong options; `target-refused` or
 * `target-not-found` when nothing ever connected.
 * @example
 * const result = await generateLoad({ url: 'http://127.0.0.1:3000', requests: { path: '/' }, rate: '100/s', for: '10s' });
 * console.log(result.responseTime.quantile(0.99) / 1e6, 'ms');
 */
export async function generateLoad(options: GenerateLoadOptions): Promise<LoadResult> {
  return runPlan(planLoad(options), options);
}

/** Sends planned load. */
export async function runPlan(plan: LoadPlan, context: LoadContext): Promise<LoadResult> {
  const run = prepareRun(plan, context);
  const startLoop = await prepareLoop(run);
  const stopProgress = reportProgress(run.recorder, context.onProgress);
  const utilisation = watchUtilisation(steadyWindow(plan.warmup, plan.duration));
  try {
    const end = await startLoop();
    checkTargetReached(run.url, run.recorder);
    return resultOf(run, end, utilisation.stop());
  } finally {
    utilisation.stop();
    stopProgress();
  }
}

function prepareRun(plan: LoadPlan, { url, seed = 1, clock = processClock, signal }: LoadContext): LoadRun {
  const recorder = new LoadRecorder(steadyWindow(plan.warmup, plan.duration), plan.timeout);
  return { url: checkedUrl(url), plan, seed, clock, signal, recorder };
}

const processClock: Clock = { now: () => nanosFromMs(performance.now()) };

function checkedUrl(text: string): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw usageError(`${shown(text)} is not a url that load can be sent to`, {
    code: 'bad-load',
    hint: 'Write it with its scheme: "http://127.0.0.1:3000".',
    excerpt: 'url',
  });
}

type AnyEnd = LoopEnd & Partial<ClosedEnd>;

async function prepareLoop(run: LoadRun): Promise<() => Promise<AnyEnd>> {
  const { pace } = run.plan;
  return pace.model === 'open' ? () => runOpenLoop(run, pace, createHttpDriver) : prepareClosedLoop(run, pace);
}

function reportProgress({ whole }: LoadRecorder, report: LoadContext['onProgress']): () => void {
  if (report === undefined) return () => {};
  const timer = setInterval(() => {
    report(`${whole.sent} sent, ${whole.sent - whole.settled} in flight`);
  }, 1000);
  return () => clearInterval(timer);
}

function resultOf(run: LoadRun, end: AnyEnd, busy: number): LoadResult {
  const { plan, recorder } = run;
  const { completed, failed, dropped, failures, firstMessages, statuses, responseTime, serviceTime } = recorder;
  const open = plan.pace.model === 'open';
  const measured: Omit<LoadResult, 'warnings'> = {
    model: plan.pace.model,
    duration: plan.duration,
    ...{ scheduled: end.scheduled, completed, failed, dropped },
    ...{ censored: failures.timeout, failures, firstMessages, statuses },
    ...{ responseTime, serviceTime, scheduleLag: open ? recorder.scheduleLag : undefined },
    throughput: perSecond(recorder.completedInWindow / (plan.duration / 1e9)),
    achieved: open && end.scheduled > 0 ? recorder.sentInWindow / end.scheduled : undefined,
    eventLoopUtilisation: Math.max(0, busy - (end.spinning ?? 0)),
    interrupted: end.interrupted,
  };
  return { ...measured, warnings: doubtsAbout({ ...measured, cutAnswers: end.cutAnswers ?? 0 }) };
}
