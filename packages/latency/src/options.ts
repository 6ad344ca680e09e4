import { badOption, parseDuration, type DurationText, type Nanos } from '@perfkeel/core';

/** @throws PerfError `bad-option`, exit code 2, unless `value` is a whole number from `least` upwards. */
export function wholeNumber(option: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw badOption(option, value, `a whole number from ${least} upwards`, `Write ${option}: ${Math.max(least, 10)}.`);
}

/** @throws PerfError `bad-option`, exit code 2, unless `value` is a function. */
export function functionOption(option: string, value: unknown, required: boolean): void {
  if (typeof value === 'function' || (value === undefined && !required)) return;
  throw badOption(option, value, 'a function', `Write ${option}: () => ….`);
}

/** A duration above zero. @throws PerfError `bad-quantity` or `bad-option`, exit code 2. */
export function positiveDuration(option: string, text: DurationText): Nanos {
  const duration = parseDuration(text);
  if (duration > 0) return duration;
  throw badOption(option, text, 'a duration above zero', `Write ${option}: '300ms'.`);
}
