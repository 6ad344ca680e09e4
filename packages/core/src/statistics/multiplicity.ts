/**
 * P values of several tests, adjusted so that rejecting those up to q keeps the expected share of false ones among the
 * rejected at q or below (Benjamini and Hochberg, "Controlling the False Discovery Rate", 1995; adjusted values as in
 * Yekutieli and Benjamini, 1999). When nothing is true at all, q is also the chance of any rejection.
 *
 * @param pValues of independent or positively dependent tests, in any order; `NaN` counts as 1
 * @returns in the same order, each at least its own p value and at most 1
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const known = pValues.map((p) => (Number.isNaN(p) ? 1 : p));
  const largestFirst = known.map((_, i) => i).sort((a, b) => known[b]! - known[a]!);
  const adjusted = new Array<number>(known.length);
  let least = 1;
  largestFirst.forEach((index, position) => {
    least = Math.min(least, (known[index]! * known.length) / (known.length - position));
    adjusted[index] = least;
  });
  return adjusted;
}
