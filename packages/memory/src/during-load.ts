import {
  metrics,
  msFromNanos,
  usageError,
  type Declaration,
  type RoundContext,
  type RoundResult,
  type TargetSpec,
} from '@perfkeel/core';
import type { HttpCounts } from './http-work.ts';
import type { Work } from './repeat.ts';

export const isDeclaration = (value: unknown): value is Declaration =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Declaration>).instrument === 'function';

/**
 * The target of a leak whose work is another declaration: its own, or that of the load.
 *
 * @throws PerfError with exit code 2 when each has one and they are not the same.
 */
export function targetDuring(own: TargetSpec | undefined, during: Declaration): TargetSpec | undefined {
  const { target, name, kind } = during;
  if (own === undefined || target === undefined) return own ?? target;
  if (JSON.stringify(own) === JSON.stringify(target)) return own;
  throw usageError(`${kind}(${JSON.stringify(name)}) has another target than the leak`, {
    code: 'bad-declaration',
    hint: 'Give both the same: const api = target({ … }). Or leave it out of the leak.',
    excerpt: 'during',
  });
}

/**
 * Runs a declared load again and again; an iteration is a request of it, answered or not. Its own promises are not
 * judged: they are those of a run that nobody measures.
 */
export function loadWork(during: Declaration, context: RoundContext, counts: HttpCounts): Work {
  let runs = 0;
  return async (calls) => {
    let iterations = 0;
    for (let i = 0; i < calls; i++) {
      context.signal.throwIfAborted();
      const result = await during.instrument(quietly(context, context.seed + runs));
      runs += 1;
      const attempts = attemptsOf(during, result);
      counts.completed += attempts.trials - attempts.events;
      counts.unanswered += attempts.events;
      iterations += requestsOf(during, result, attempts);
    }
    return iterations;
  };
}

/** Nothing of a load is shown or kept: it is a part of the leak. */
const quietly = ({ clock, round, signal, target }: RoundContext, seed: number): RoundContext => ({
  ...{ clock, round, signal, target, seed },
  short: false,
  collectGarbage: () => undefined,
  progress: () => undefined,
});

interface Attempts {
  readonly events: number;
  readonly trials: number;
}

function attemptsOf({ name, kind }: Declaration, { measurements }: RoundResult): Attempts {
  const data = measurements.find(({ metric }) => metric === metrics.errors.id)?.data;
  if (data?.kind === 'count') return data;
  throw usageError(`${kind}(${JSON.stringify(name)}) did not tell how many requests it sent`, {
    code: 'bad-option',
    hint: 'Write during: load(…), or a function that resolves with the requests that it completed.',
    excerpt: 'during',
  });
}

/** A warm-up longer than what is measured is none. */
const mostUnseen = 2;

/**
 * Requests of a load, those of its warm-up included, which are not counted and leave as much behind. The course of the
 * whole run tells how many they were. Without one they are taken to come at the same rate: on a machine so busy that
 * answers come late, that may be wrong by half.
 */
export function requestsOf(
  { lasts }: Pick<Declaration, 'lasts'>,
  { measurements }: RoundResult,
  { events, trials }: Attempts,
): number {
  const completed = trials - events;
  const told = measurements.filter(({ metric }) => metric === metrics.throughput.id).map(({ data }) => data);
  const course = told.find((data) => data.kind === 'series');
  if (!(completed > 0)) return trials;
  if (course !== undefined) return trials + Math.max(0, totalOf(course.points) - completed);
  const rate = told.find((data) => data.kind === 'exact');
  if (lasts === undefined || rate === undefined || !(rate.value > 0)) return trials;
  const measuredMs = (1000 * completed) / rate.value;
  return trials * Math.min(mostUnseen, Math.max(1, msFromNanos(lasts) / measuredMs));
}

/** What rates per second add up to, each of which is that of the time since the one before. */
const totalOf = (rates: readonly (readonly [number, number])[]): number =>
  rates.reduce((sum, [end, rate], i) => sum + (rate * (end - (rates[i - 1]?.[0] ?? 0))) / 1e9, 0);
