import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  parseObjective,
  refuseUnknownOptions,
  usageError,
  type CommonOptions,
  type Declaration,
  type DurationText,
  type RoundContext,
  type RoundResult,
  type SizeText,
} from '@perfkeel/core';
import { detectLeak } from './detect-leak.ts';
import { leakMeasurements, leakMetrics } from './leak-measurements.ts';
import { planLeak, shortened } from './leak-plan.ts';

/** What a leak declaration can promise. */
export type LeakObjective = `growth ${'<' | '<='} ${SizeText}/op` | `${'heap' | 'rss'} ${'<' | '<='} ${SizeText}`;

/** `State` is what `setup` returns, and what every cycle gets. */
export interface LeakOptions<State = undefined> extends CommonOptions<LeakObjective> {
  /** One iteration of what must not keep memory. Whatever it returns as a promise is awaited. */
  readonly cycle: (state: State) => unknown;
  /** Runs once in every round, before the warm-up. */
  readonly setup?: () => State | Promise<State>;
  /** Iterations between two samples. @default as many as fit the duration and the memory */
  readonly iterations?: number;
  /** Rounds of iterations inside the process, each followed by a sample; 40 are needed to call a leak. @default 48 */
  readonly samples?: number;
  /** What a round aims at when it chooses the iterations. @default '6s' */
  readonly duration?: DurationText;
}

/**
 * What `leak` promises when its objectives do not speak of growth: more than engines drift by, and less than any object
 * takes that code can keep in a container.
 */
export const defaultGrowthObjective: LeakObjective = 'growth < 16B/op';

const primary = metrics.growth.id;

/**
 * Declares that a cycle of work gives back all the memory that it takes.
 *
 * One round runs the cycle some ten thousand times in a fresh process, collects garbage 48 times in between, and decides
 * from what is still alive, on the heap and in buffers outside of it: `leak`, `stable` or `inconclusive`. Measures `growth` (bytes per iteration, with its
 * interval), `heap` and `rss` (bytes at the end), and shows the heap over time.
 *
 * Growth is always judged: without an objective of its own, `growth < 16B/op` is added. Growth that could not have been
 * seen does not pass: a limit finer than the resolution is inconclusive, with the duration that would decide it.
 *
 * @throws PerfError with exit code 2, at the caller's line, when an option makes no sense.
 * @example
 * leak('subscribe and unsubscribe', {
 *   cycle: () => bus.subscribe(() => undefined)(),
 *   objectives: ['growth < 64B/op', 'heap < 64MB'],
 * });
 */
export function leak<State = undefined>(name: string, options: LeakOptions<State>): Declaration {
  const location = callSite(leak);
  return locating(location, () => {
    checkOptions(name, options);
    const parts = commonParts({ ...options, objectives: withGrowth(options.objectives ?? []) }, { rounds: 1 });
    const limit = growthLimit(parts.objectives);
    return declare({
      name,
      kind: 'leak',
      metrics: leakMetrics,
      primary,
      quantiles: false,
      location,
      ...parts,
      instrument: (context) => measureLeak(options, limit, context),
    });
  });
}

async function measureLeak<State>(
  options: LeakOptions<State>,
  limit: number,
  context: RoundContext,
): Promise<RoundResult> {
  const { cycle, setup, iterations, samples, duration } = options;
  const extent = { iterations, samples, duration };
  const report = await detectLeak({
    iterate: cycle,
    setup,
    ...(context.short ? shortened(extent) : extent),
    // A promise below 1 B needs eyes that see less than 1 B.
    smallest: limit > 0 ? Math.min(1, limit) : 1,
    signal: context.signal,
    onSample: (done, of) => context.progress(`sample ${done} of ${of}`),
  });
  return { measurements: leakMeasurements(report, { limit, short: context.short }) };
}

const ownOptions = ['cycle', 'setup', 'iterations', 'samples', 'duration'];

/** What a compiler would refuse, for those who write JavaScript. */
function checkOptions<State>(name: string, options: LeakOptions<State> | undefined): void {
  const wrong = (message: string, hint: string, excerpt: string): never => {
    throw usageError(`leak(${JSON.stringify(name)}) ${message}`, { code: 'bad-declaration', hint, excerpt });
  };
  if (typeof options?.cycle !== 'function') {
    wrong('has no cycle', 'Write leak(name, { cycle: () => bus.subscribe(listener)() }).', 'leak');
  }
  if (options?.objectives !== undefined && !Array.isArray(options.objectives)) {
    wrong('has objectives that are not a list', "Write objectives: ['growth < 64B/op'].", 'objectives');
  }
  refuseUnknownOptions('leak', name, options!, ownOptions);
  const { cycle, setup, iterations, samples, duration } = options!;
  planLeak({ iterate: cycle, setup, iterations, samples, duration });
}

const speaksOfGrowth = (objective: unknown): boolean => typeof objective === 'string' && /^\s*growth\b/.test(objective);

const withGrowth = (objectives: readonly LeakObjective[]): readonly LeakObjective[] =>
  objectives.some(speaksOfGrowth) ? objectives : [defaultGrowthObjective, ...objectives];

/** The strictest promise about growth, in bytes per iteration. */
function growthLimit(objectives: readonly string[]): number {
  const parsed = objectives.map((source) => parseObjective(source, { metrics: leakMetrics }));
  return Math.min(...parsed.filter(({ metric }) => metric === primary).map(({ limit }) => limit));
}
