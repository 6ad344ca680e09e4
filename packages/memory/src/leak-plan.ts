import type { MemorySample } from './memory-sample.ts';
import type { MemoryTarget } from './target/memory-target.ts';
import { parseDuration, usageError, type DurationText } from '@perfkeel/core';
import { defaultSmallest, leakPoints, leastPoints } from './analysis/analyze-leak-series.ts';

/** `State` is what `setup` returns, and what every iteration gets. */
export interface DetectLeakOptions<State = undefined> extends SamplingOptions {
  /** One iteration. Whatever it returns as a promise is awaited before the next one begins. */
  readonly iterate: (state: State) => unknown;
  /** Iterations under way at once. @default 1 */
  readonly clients?: number | undefined;
  /**
   * The process whose memory is judged; the caller closes it.
   *
   * @default this process
   */
  readonly target?: MemoryTarget | undefined;
  /** Runs once, before the warm-up. */
  readonly setup?: (() => State | Promise<State>) | undefined;
  /** Runs once after the last sample, also when an iteration threw; closes what `setup` opened. */
  readonly teardown?: ((state: State) => unknown) | undefined;
}

/** How a leak is looked for, whatever the iteration does. */
export interface SamplingOptions {
  /**
   * Iterations between two samples, each time the same: for a cycle that does something now and then, a multiple of that.
   *
   * @default as many as fit the duration and the memory, a quarter more or less each time
   */
  readonly iterations?: number | undefined;
  /** Rounds of iterations, each followed by a sample: at least 16, and 40 for a verdict of leak. @default 48 */
  readonly samples?: number | undefined;
  /** What the measurement aims at when it chooses the iterations. @default '6s' */
  readonly duration?: DurationText | undefined;
  /** Steady growth below this many bytes per iteration is not called a leak. @default 1 */
  readonly smallest?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Called after every sample, with it: when the process ends before the measurement does, these are what was seen. What
   * it keeps alive is counted where it is this process that is judged.
   */
  readonly onSample?: ((done: number, of: number, sample: MemorySample) => void) | undefined;
}

/** Options that make sense, with their defaults. */
export interface LeakPlan {
  readonly durationMs: number;
  readonly samples: number;
  readonly smallest: number;
}

const defaultSamples = 48;
const defaultDuration: DurationText = '6s';
const shortDuration: DurationText = '1s';

function wrong(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-option', hint, excerpt });
}

const isWhole = (value: unknown, least: number): boolean => Number.isInteger(value) && (value as number) >= least;

/** @throws PerfError `bad-option` or `bad-quantity`, exit code 2. */
export function planLeak(
  options: SamplingOptions & { iterate: unknown; setup?: unknown; teardown?: unknown; clients?: number | undefined },
): LeakPlan {
  const { iterate, setup, teardown, iterations, samples = defaultSamples, smallest = defaultSmallest } = options;
  if (typeof iterate !== 'function') {
    wrong(`iterate is ${typeof iterate}, not a function`, 'Write iterate: () => cache.get(key).', 'iterate');
  }
  if (setup !== undefined && typeof setup !== 'function') {
    wrong(`setup is ${typeof setup}, not a function`, 'Write setup: () => cache.clear().', 'setup');
  }
  if (teardown !== undefined && typeof teardown !== 'function') {
    wrong(`teardown is ${typeof teardown}, not a function`, 'Write teardown: (server) => server.close().', 'teardown');
  }
  if (options.clients !== undefined && !isWhole(options.clients, 1)) {
    wrong(`clients is ${String(options.clients)}`, 'Clients is a whole number from 1 upwards.', 'clients');
  }
  if (iterations !== undefined && !isWhole(iterations, 1)) {
    wrong(`iterations is ${String(iterations)}`, 'Iterations is a whole number from 1 upwards.', 'iterations');
  }
  if (!isWhole(samples, leastPoints)) {
    const hint = `Samples is a whole number from ${leastPoints} upwards, and from ${leakPoints} upwards to call a leak.`;
    wrong(`samples is ${String(samples)}`, hint, 'samples');
  }
  if (!(Number.isFinite(smallest) && smallest > 0)) {
    wrong(`smallest is ${String(smallest)}`, 'Smallest is a number of bytes per iteration above 0.', 'smallest');
  }
  const durationMs = parseDuration(options.duration ?? defaultDuration) / 1e6;
  if (!(durationMs > 0)) wrong('duration is 0', "Write a duration such as '6s'.", 'duration');
  return { durationMs, samples, smallest };
}

type Extent = Pick<SamplingOptions, 'iterations' | 'samples' | 'duration'>;

/** As little work as can still tell a leak: about a second, whatever was asked for. */
export function shortened({ duration = defaultDuration }: Extent): Extent {
  const isShorter = parseDuration(duration) < parseDuration(shortDuration);
  return { iterations: undefined, samples: leakPoints, duration: isShorter ? duration : shortDuration };
}
