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
      const { events, trials } = attemptsOf(during, result);
      counts.completed += trials - events;
      counts.unanswered += events;
      iterations += trials * unseenFactor(during, result, trials - events);
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

function attemptsOf({ name, kind }: Declaration, { measurements }: RoundResult): { events: number; trials: number } {
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

/** The requests of a warm-up are not counted, and leave as much behind: they are taken to come at the same rate. */
function unseenFactor({ lasts }: Declaration, { measurements }: RoundResult, completed: number): number {
  const rate = measurements.find(({ metric }) => metric === metrics.throughput.id)?.data;
  if (lasts === undefined || rate?.kind !== 'exact' || !(rate.value > 0 && completed > 0)) return 1;
  const measuredMs = (1000 * completed) / rate.value;
  return Math.min(mostUnseen, Math.max(1, msFromNanos(lasts) / measuredMs));
}
