import type { Estimate } from '../estimate.ts';
import { quantile, sorted } from './quantile.ts';
import { rankInterval } from './rank-sum.ts';

/**
 * The shift between two independent samples: the median of all pairwise differences (Hodges and Lehmann, 1963), with
 * the interval that inverts the Mann-Whitney test (Moses; Hollander and Wolfe, "Nonparametric Statistical Methods",
 * section 4.3). It assumes equal shapes, not normal ones.
 *
 * @param confidence two-sided, such as 0.95
 * @returns infinite `lo` and `hi` when the samples are too small for that confidence; then `confidence` is what the
 * extreme differences would reach
 */
export function hodgesLehmannShift(base: readonly number[], head: readonly number[], confidence = 0.95): Estimate {
  const differences = sorted(head.flatMap((h) => base.map((b) => h - b)));
  const { cut, confidence: reached } = rankInterval(base.length, head.length, confidence);
  const last = differences.length - 1;
  return {
    value: quantile(differences, 0.5),
    lo: cut === undefined ? -Infinity : differences[cut]!,
    hi: cut === undefined ? Infinity : differences[last - cut]!,
    confidence: reached,
    method: 'Hodges-Lehmann shift, rank interval',
    warnings: [],
  };
}

/**
 * The relative change between two samples of positive numbers: the shift of their logarithms, so that 0.1 means that
 * head is 10 % larger. Rounds of one benchmark differ by factors, not by amounts.
 *
 * @returns `lo` is -1 and `hi` infinite when the samples are too small to bound a side. With a number that is not above
 * 0 there is no ratio: `value` is `NaN`, nothing is bounded and the warning `not-positive` says so.
 */
export function hodgesLehmannRatio(base: readonly number[], head: readonly number[], confidence = 0.95): Estimate {
  const method = 'Hodges-Lehmann ratio, rank interval';
  const unfit = [...base, ...head].find((value) => !(value > 0));
  if (unfit !== undefined) {
    const message = `${unfit} has no ratio to anything: only numbers above 0 do`;
    return { value: NaN, lo: -1, hi: Infinity, confidence: 0, method, warnings: [{ code: 'not-positive', message }] };
  }
  const { value, lo, hi, ...rest } = hodgesLehmannShift(base.map(Math.log), head.map(Math.log), confidence);
  return { ...rest, value: Math.expm1(value), lo: Math.expm1(lo), hi: Math.expm1(hi), method };
}
