import { formatQuantity, messageOf, type Histogram, type Warning } from '@perfkeel/core';
import type { ClockCalibration } from '../clock-calibration.ts';
import { restComponent, type ComponentTimes } from './component-marks.ts';

/** A step of the clock is at most this part of a time that it can measure. */
const stepsInATime = 100;

/** Says when the median is so short that the steps of the clock show in it. */
export function coarseClock(responseTime: Histogram, { granularity, cost }: ClockCalibration): readonly Warning[] {
  const median = responseTime.quantile(0.5);
  if (median >= stepsInATime * granularity) return [];
  const [short, step, reading] = [median, granularity, cost].map((ns) => formatQuantity(ns, 'ns'));
  const message =
    `the median of ${short} is less than ${stepsInATime} steps of the clock, which are ${step}, ` +
    `and a reading costs ${reading}: time so short an operation with bench`;
  return [{ code: 'clock-coarse', message }];
}

/** Says how many calls failed, and why the first one did. */
export function someFailed(errors: number, calls: number, firstError: unknown): readonly Warning[] {
  if (errors === 0) return [];
  const message = `${errors} of ${calls} calls failed and are not in the response time; the first: ${messageOf(firstError)}`;
  return [{ code: 'some-failed', message }];
}

/**
 * Says what is wrong with the marks, when something is.
 *
 * @param awaited what some call should have marked
 * @param late how many marks came too late
 */
export function doubtfulMarks(
  { names, marked }: ComponentTimes,
  awaited: readonly string[],
  late: number,
): readonly Warning[] {
  const warnings: Warning[] = [];
  if (late > 0) {
    const message = `${late} mark${late === 1 ? '' : 's'} came after the end of the call, and ${late === 1 ? 'is' : 'are'} left out`;
    warnings.push({ code: 'late-marks', message });
  }
  const missed = awaited.filter((name) => marked[names.indexOf(name)] === 0);
  if (missed.length > 0) {
    const message = `no call marked ${missed.join(', ')}: the time went to the next mark, or to ${restComponent}`;
    warnings.push({ code: 'never-marked', message });
  }
  return warnings;
}
