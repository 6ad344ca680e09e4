import { describeValue, formatNumber, usageError } from '@perfkeel/core';
import type { LeakReport } from './detect-leak.ts';
import type { BoundedContainer } from './leak-options.ts';

/** A container that is allowed to fill and has not reached its bound; or one that is past it. */
export interface Filling {
  readonly name: string;
  readonly size: number;
  readonly atMost: number;
  readonly broken: boolean;
  readonly message: string;
}

/**
 * A size that is no number would excuse every leak: it is neither below the bound nor above it.
 *
 * @throws PerfError `bad-option`, exit code 2.
 */
export function sizesOf<State>(containers: readonly BoundedContainer<State>[], state: State): number[] {
  return containers.map(({ name, size }) => {
    const now: unknown = size(state);
    if (typeof now === 'number' && now >= 0) return now;
    throw usageError(`the size of ${JSON.stringify(name)} is ${describeValue(now)}, not a number of entries`, {
      code: 'bad-option',
      hint: 'A Map and a Set have a size, a list has a length: size: () => sessions.size.',
      excerpt: 'size',
    });
  });
}

/** The containers that explain growth: those below their bound. Those above it break their promise. */
export function stillFilling<State>(
  containers: readonly BoundedContainer<State>[],
  state: State,
  report: Pick<LeakReport, 'iterations' | 'warmUpIterations' | 'iterationsPerSample'>,
): Filling[] {
  const iterations = report.warmUpIterations + report.iterationsPerSample + report.iterations;
  const sizes = sizesOf(containers, state);
  return containers.flatMap(({ name, atMost }, i) => {
    const now = sizes[i]!;
    if (now === atMost) return [];
    const broken = now > atMost;
    const text = `${name} holds ${formatNumber(now)} of at most ${formatNumber(atMost)} entries after ${formatNumber(iterations)} iterations`;
    const message = broken ? `${text}: its bound does not hold` : `${text}: it is still filling`;
    return [{ name, size: now, atMost, broken, message }];
  });
}
