/** Two-sided levels of each look that keep 5 % over all of them (Pocock, "Group Sequential Methods", 1977, table 1). */
const pocock = [0.05, 0.0294, 0.0221, 0.0182, 0.0158, 0.0142, 0.013, 0.012, 0.0112, 0.0106];

/**
 * The confidence that the interval of each look must have, so that the intervals of all looks together hold the truth
 * with `confidence`: repeated confidence intervals (Jennison and Turnbull, 1989), which stay true at whichever look one
 * stops. By Pocock's constants at 95 % and up to ten looks, which assume equal steps and are conservative for steps that
 * grow less than the data; by Bonferroni's inequality for everything else.
 *
 * @param looks how often the data are looked at, at most
 */
export function lookConfidence(confidence: number, looks: number): number {
  const alpha = 1 - confidence;
  const constant = Math.abs(alpha - 0.05) < 1e-9 ? pocock[looks - 1] : undefined;
  return 1 - (constant ?? alpha / Math.max(1, looks));
}
