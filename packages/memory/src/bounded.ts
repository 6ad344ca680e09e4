import { formatNumber } from '@perfkeel/core';
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

/** The containers that explain growth: those below their bound. Those above it break their promise. */
export function stillFilling<State>(
  containers: readonly BoundedContainer<State>[],
  state: State,
  report: Pick<LeakReport, 'iterations' | 'warmUpIterations' | 'iterationsPerSample'>,
): Filling[] {
  const iterations = report.warmUpIterations + report.iterationsPerSample + report.iterations;
  return containers.flatMap(({ name, size, atMost }) => {
    const now = size(state);
    if (now === atMost) return [];
    const broken = now > atMost;
    const text = `${name} holds ${formatNumber(now)} of at most ${formatNumber(atMost)} entries after ${formatNumber(iterations)} iterations`;
    const message = broken ? `${text}: its bound does not hold` : `${text}: it is still filling`;
    return [{ name, size: now, atMost, broken, message }];
  });
}
