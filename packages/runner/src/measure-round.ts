import {
  PerfError,
  deriveSeed,
  formatQuantity,
  nanosFromMs,
  type RoundMeasurement,
  type RoundResult,
} from '@perfkeel/core';
import { startPerfProcess, type PerfProcess } from './perf-process.ts';
import type { PlannedRound } from './plan.ts';
import { startTarget, type StartedTarget } from './target-process.ts';
import { timerMs } from './timer.ts';

export interface RoundOptions {
  readonly root: string;
  readonly seed: number;
  readonly short: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds, with everything: start of the process and of the target, warm-up, measurement. */
  readonly timeoutMs: number;
  readonly onProgress: (text: string) => void;
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** Measures one round in a fresh process, against a freshly started target. Both are gone when this settles. */
export async function measureRound(planned: PlannedRound, options: RoundOptions): Promise<RoundResult> {
  const limit = new AbortController();
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const timer = setTimeout(() => limit.abort(), timerMs(options.timeoutMs));
  try {
    return checked(planned, await measureBoth(planned, { ...options, signal }));
  } catch (error) {
    throw limit.signal.aborted && !options.signal.aborted ? tookTooLong(options.timeoutMs) : error;
  } finally {
    clearTimeout(timer);
  }
}

async function measureBoth({ benchmark, round }: PlannedRound, options: RoundOptions): Promise<RoundResult> {
  const { root, signal, short } = options;
  let target: StartedTarget | undefined;
  let process: PerfProcess | undefined;
  try {
    target = benchmark.target && (await startTarget(benchmark.target, root, signal));
    process = await startPerfProcess(benchmark.bundle, { cwd: root, signal, onOutput: options.onOutput });
    const seed = deriveSeed(options.seed, round);
    const running = target && { url: target.url, pid: target.pid };
    const request = { index: benchmark.index, round, seed, short, target: running };
    const measured = process.measure(request, options.onProgress);
    return await Promise.race(target ? [measured, target.ended.then((error) => Promise.reject(error))] : [measured]);
  } finally {
    process?.kill();
    await target?.stop();
  }
}

/** An instrument of somebody else may hand back what it did not announce. */
function checked({ benchmark }: PlannedRound, result: RoundResult): RoundResult {
  const known = new Set(benchmark.plan.metrics.map(({ id }) => id));
  const stranger = result.measurements.find(({ metric }: RoundMeasurement) => !known.has(metric));
  if (!stranger) return result;
  throw new PerfError(`the instrument measured "${stranger.metric}", which its declaration does not name`, {
    code: 'unknown-metric',
    hint: `It names ${[...known].join(', ')}.`,
  });
}

const tookTooLong = (timeoutMs: number): PerfError =>
  new PerfError(`a round took longer than ${formatQuantity(nanosFromMs(timeoutMs), 'ns')}`, {
    code: 'round-timeout',
    hint: 'Is something waiting for ever? `roundTimeout` in perf.config allows more.',
  });
