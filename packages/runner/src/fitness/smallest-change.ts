import { hodgesLehmannRatio, median } from '@perfkeel/core';

/** Every way to put half of n things, the first one among them, on one side. */
function halves(n: number): number[][] {
  const all: number[][] = [];
  const choose = (chosen: number[]): void => {
    if (chosen.length === n / 2) return void all.push(chosen);
    for (let next = chosen[chosen.length - 1]! + 1; next < n; next++) choose([...chosen, next]);
  };
  choose([0]);
  return all;
}

/**
 * The smallest change that a comparison of two such halves can show: half the width of the 95 % interval of their ratio
 * (Hodges-Lehmann, rank interval), the median over every way to split the times into two halves. All times are of the
 * same work, so each split is a comparison of something with itself.
 *
 * @param times of an even number of processes, at least 8, since fewer bound nothing; ten have 126 splits
 * @returns a ratio
 */
export function smallestChange(times: readonly number[]): number {
  const widths = halves(times.length).map((half) => {
    const base = half.map((i) => times[i]!);
    const head = times.filter((_, i) => !half.includes(i));
    const { lo, hi } = hodgesLehmannRatio(base, head, 0.95);
    return (hi - lo) / 2;
  });
  return median(widths);
}
