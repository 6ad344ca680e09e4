import { nanosFromMs, type Nanos } from '@perfkeel/core';
import { analyzeChannels, type ChannelAnalysis } from './analysis/analyze-channels.ts';
import { engineLearning } from './analysis/engine-learning.ts';
import type { HeapReading } from './heap-reader.ts';
import { planLeak, type DetectLeakOptions } from './leak-plan.ts';
import type { MemorySample } from './memory-sample.ts';
import { warmUp, type WarmUp } from './pace.ts';
import { probeHere, probeOf } from './probe.ts';
import { workOf } from './repeat.ts';
import { takeSamples, type Sampling, type SamplingTask } from './take-samples.ts';

/** The answer for the heap and the buffers outside of it together, and everything that it rests on. */
export interface LeakReport extends ChannelAnalysis {
  readonly samples: readonly MemorySample[];
  /** Before the first iteration. */
  readonly startedAt: HeapReading;
  /** Iterations from the first sample to the last. */
  readonly iterations: number;
  /**
   * Calls between two samples: as many iterations, unless some failed. An average when they were chosen: rounds differ by
   * up to a quarter, so that no rhythm of the code is taken for growth.
   */
  readonly iterationsPerSample: number;
  readonly warmUpIterations: number;
  /** When the warm-up had ended, on the axis of the samples; absent of a long look, which has none. */
  readonly warmUpEndedAt?: Nanos | undefined;
  /** Live JavaScript data after the last collection, in bytes; `NaN` where nobody tells. */
  readonly heap: number;
  /** Resident set size at the end, in bytes. */
  readonly rss: number;
  /** Wall time of the whole measurement, in milliseconds. */
  readonly durationMs: number;
  /** The duration that the iterations were chosen for, in milliseconds; absent when they were given. */
  readonly plannedMs?: number | undefined;
  /** Why fewer samples were taken than asked for. */
  readonly stoppedBy?: 'time' | 'memory' | undefined;
}

/**
 * Decides whether an iteration leaves memory behind in this process, and says what it could have seen.
 *
 * Runs the iteration in rounds, forces a full collection after each, and reads what is still alive. Nothing else
 * should run meanwhile: whatever else keeps memory in this process is counted. Takes about 6 s; up to four times that
 * when the heap is large, an iteration is slow, or the machine is busy.
 *
 * @throws PerfError `bad-option`, exit code 2, for options that make no sense; `no-garbage-collector` where the engine
 * offers none; the reason of `signal`; and whatever `setup`, `iterate` or `teardown` throws, as it is.
 * @example
 * const seen = new Set<object>();
 * const report = await detectLeak({ iterate: () => seen.add({ at: new Array(24).fill(0) }), duration: '1s' });
 * report.verdict; // 'leak'
 */
export async function detectLeak<State = undefined>(options: DetectLeakOptions<State>): Promise<LeakReport> {
  const plan = planLeak(options);
  const probe = options.target ? probeOf(options.target) : probeHere();
  const began = performance.now();
  const state = (await options.setup?.()) as State;
  try {
    const work = workOf(() => options.iterate(state), options.clients);
    return await measureGrowth({ work, options, plan, probe, began });
  } finally {
    await options.teardown?.(state);
  }
}

/** What a measurement has seen so far. Either leaves garbage behind where it is asked for. */
export interface Course {
  /** At least one. */
  samples(): readonly MemorySample[];
  /** As if the measurement ended here. */
  report(): LeakReport;
}

export interface GrowthTask extends Omit<SamplingTask, 'warm' | 'onSampling'> {
  /** Called after every sample. */
  readonly onCourse?: ((course: Course) => void) | undefined;
}

/** Everything but the samples themselves: whatever the work is, and wherever it leaves its memory. */
export async function measureGrowth({ onCourse, ...task }: GrowthTask): Promise<LeakReport> {
  const { work, options, plan, probe } = task;
  options.signal?.throwIfAborted();
  const warmed = await warmUp(work, probe.read, plan.durationMs);
  const warm = { ...warmed, endedAt: nanosFromMs(performance.now() - task.began) };
  const onSampling =
    onCourse &&
    ((soFar: () => Sampling): void =>
      onCourse({ samples: () => soFar().samples, report: () => reportOf(task, warm, soFar()) }));
  return reportOf(task, warm, await takeSamples({ ...task, warm, onSampling }));
}

function reportOf(
  { options, plan, began }: Omit<GrowthTask, 'onCourse'>,
  warm: WarmUp & { readonly endedAt: Nanos },
  { samples, perSample, offset, stoppedBy }: Sampling,
): LeakReport {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return {
    ...analyzeChannels(samples, {
      smallest: plan.smallest,
      startedAt: warm.before,
      learning: engineLearning(last.iterations),
    }),
    samples,
    startedAt: warm.before,
    iterations: last.iterations - first.iterations,
    iterationsPerSample: perSample,
    warmUpIterations: offset,
    warmUpEndedAt: warm.endedAt,
    heap: last.heap,
    rss: last.rss,
    durationMs: performance.now() - began,
    plannedMs: options.iterations === undefined ? plan.durationMs : undefined,
    stoppedBy,
  };
}
