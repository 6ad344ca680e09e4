import { performance } from 'node:perf_hooks';
import {
  PerfError,
  deriveSeed,
  describeValue,
  formatQuantity,
  msFromNanos,
  nanos,
  nanosFromMs,
  type BenchmarkPlan,
  type RoundMeasurement,
  type RoundResult,
  type Unit,
  type Warning,
} from '@perfkeel/core';
import { watchRound, type RoundParts } from './fitness/watch-round.ts';
import { startPerfProcess, type PerfProcess } from './perf-process.ts';
import type { PlannedRound } from './plan.ts';
import { flagsOfKind } from './sides/side-flags.ts';
import { retryRemark, type OnRetry } from './retry/with-retries.ts';
import { startTarget, type StartedTarget } from './target-process.ts';
import { timerMs } from './timer.ts';

export interface RoundOptions {
  readonly root: string;
  readonly seed: number;
  readonly short: boolean;
  readonly signal: AbortSignal;
  /**
   * Milliseconds, with everything: start of the process and of the target, warm-up, measurement. What a round lasts by
   * its own plan comes on top.
   */
  readonly timeoutMs: number;
  /** Where the round may keep what it has, until its run has ended. */
  readonly folder?: string | undefined;
  /** Looks at what else the machine does meanwhile. */
  readonly watch?: boolean | undefined;
  readonly onProgress: (text: string) => void;
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Hears of attempts to start the target that failed, and are made again. */
  readonly onRetry?: OnRetry | undefined;
  /** Gets what the round has measured so far, now and then, with the milliseconds since it began to measure. */
  readonly onCheckpoint?: ((result: RoundResult, afterMs: number) => void) | undefined;
}

/** Measures one round in a fresh process, against a freshly started target. Both are gone when this settles. */
export async function measureRound(planned: PlannedRound, options: RoundOptions): Promise<RoundResult> {
  const limit = new AbortController();
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const timeoutMs = options.timeoutMs + (options.short ? 0 : lastsMs(planned));
  const timer = setTimeout(() => limit.abort(), timerMs(timeoutMs));
  const remarks: Warning[] = [];
  const onRetry: OnRetry = (retry) => {
    remarks.push(retryRemark(retry));
    options.onRetry?.(retry);
  };
  try {
    const result = checked(planned, await measureBoth(planned, { ...options, signal, onRetry }));
    return remarks.length === 0 ? result : { ...result, warnings: [...remarks, ...(result.warnings ?? [])] };
  } catch (error) {
    throw limit.signal.aborted && !options.signal.aborted ? tookTooLong(timeoutMs) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** How long a round is meant to measure; 0 when nobody knows. */
export const lastsMs = ({ benchmark }: PlannedRound): number => msFromNanos(benchmark.lasts ?? nanos(0));

async function measureBoth(planned: PlannedRound, options: RoundOptions): Promise<RoundResult> {
  const { benchmark, round } = planned;
  const { root, signal, short, folder, onOutput } = options;
  const nodeFlags = flagsOfKind(benchmark.plan.kind);
  let target: StartedTarget | undefined;
  let process: PerfProcess | undefined;
  try {
    target = benchmark.target && (await startTarget(benchmark.target, root, signal, options.onRetry));
    process = await startPerfProcess(benchmark.bundle, { cwd: root, signal, nodeFlags, onOutput });
    const seed = deriveSeed(options.seed, round);
    const running = target && { url: target.url, pid: target.pid, vitals: target.vitals };
    const request = { index: benchmark.index, round, seed, short, target: running, folder };
    const measure = (): Promise<RoundResult> => {
      const measured = process!.measure(request, options.onProgress, checkpointing(planned, options));
      return Promise.race(target ? [measured, target.ended.then((error) => Promise.reject(error))] : [measured]);
    };
    const result = options.watch ? await watched(benchmark.plan, partsOf(process, target), measure) : await measure();
    await process.end();
    return result;
  } finally {
    process?.kill();
    await target?.stop();
  }
}

/** Passes on what a round measured so far, when it is what the declaration names. */
function checkpointing(
  { benchmark }: PlannedRound,
  { onCheckpoint }: RoundOptions,
): ((result: RoundResult) => void) | undefined {
  if (onCheckpoint === undefined) return undefined;
  const began = performance.now();
  // What is wrong with a result is told at the end of the round.
  return (result) => {
    if (stranger(benchmark.plan, result) === undefined) onCheckpoint(result, performance.now() - began);
  };
}

/** A machine that is busy with other things changes times and rates. Counts and sizes are what they are. */
const disturbed: ReadonlySet<Unit> = new Set(['ns', '1/s']);

async function watched(
  { metrics }: BenchmarkPlan,
  parts: RoundParts,
  measure: () => Promise<RoundResult>,
): Promise<RoundResult> {
  const { result, warning } = await watchRound(parts, measure);
  if (warning === undefined) return result;
  const touched = new Set(metrics.filter(({ unit }) => disturbed.has(unit)).map(({ id }) => id));
  return {
    ...result,
    measurements: result.measurements.map((measurement) =>
      touched.has(measurement.metric)
        ? { ...measurement, warnings: [...(measurement.warnings ?? []), warning] }
        : measurement,
    ),
  };
}

/** A url without a process id was there before: what it uses belongs to the round all the same. */
const partsOf = (process: PerfProcess, target: StartedTarget | undefined): RoundParts => ({
  pids: [process.pid, target?.pid].filter((pid) => pid !== undefined),
  ...(target !== undefined && target.pid === undefined ? { url: target.url } : {}),
});

function stranger({ metrics }: BenchmarkPlan, { measurements }: RoundResult): RoundMeasurement | undefined {
  return measurements.find(({ metric }) => !metrics.some(({ id }) => id === metric));
}

/** An instrument of somebody else may hand back what it did not announce. */
function checked({ benchmark: { plan } }: PlannedRound, result: RoundResult): RoundResult {
  if (!Array.isArray((result as Partial<RoundResult> | undefined)?.measurements)) {
    throw new PerfError(`the instrument of "${plan.id}" handed back ${describeValue(result)}`, {
      code: 'bad-round',
      hint: "A round is { measurements: [{ metric: 'time', data }] }.",
    });
  }
  const strange = stranger(plan, result);
  if (strange === undefined) return result;
  throw new PerfError(`the instrument measured "${strange.metric}", which its declaration does not name`, {
    code: 'unknown-metric',
    hint: `It names ${plan.metrics.map(({ id }) => id).join(', ')}.`,
  });
}

const tookTooLong = (timeoutMs: number): PerfError =>
  new PerfError(`a round took longer than ${formatQuantity(nanosFromMs(timeoutMs), 'ns')}`, {
    code: 'round-timeout',
    hint: 'Is something waiting for ever? `roundTimeout` in perf.config allows more.',
  });
