import type { RoundContext } from '@perfkeel/core';
import { leakPoints } from './analysis/analyze-leak-series.ts';
import type { Course } from './detect-leak.ts';
import { courseMeasurements, leakMeasurements, type Question } from './leak-measurements.ts';

interface KeepingCourse extends Pick<Question, 'limit' | 'word'> {
  /** Whether it is another process whose memory is read: in its own nothing more is done than must be. */
  readonly ofTarget: boolean;
}

/** What a process that ends early takes with it. More often would only cost messages. */
const everyMs = 250;

/**
 * Tells whoever keeps the round what it has seen so far: a process that dies, or runs out of memory, mostly does so
 * because of what is looked for. Of a target with the verdict as it stands, once there are samples enough for one.
 */
export function keepCourse(
  { ofTarget, ...question }: KeepingCourse,
  context: Pick<RoundContext, 'checkpoint'>,
): ((course: Course) => void) | undefined {
  if (context.checkpoint === undefined) return undefined;
  let told = -Infinity;
  return (course) => {
    const now = performance.now();
    if (now < told + everyMs) return;
    told = now;
    const samples = course.samples();
    const isJudged = ofTarget && samples.length >= leakPoints;
    context.checkpoint?.({
      measurements: isJudged
        ? leakMeasurements(course.report(), question)
        : courseMeasurements(samples, samples.at(-1)!),
    });
  };
}
