/**
 * The two-sided p value of Student's t: how often |T| is at least |t| (Abramowitz and Stegun 26.7.3 and 26.7.4, exact).
 *
 * @param df degrees of freedom, a whole number from 1
 */
export function studentP(t: number, df: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? 1 : 0;
  const angle = Math.atan2(Math.abs(t), Math.sqrt(df));
  const square = Math.cos(angle) ** 2;
  const odd = df % 2 === 1;
  let term = odd ? Math.cos(angle) : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= ((k - 1) / k) * square;
    sum += term;
  }
  const inside = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return Math.min(1, Math.max(0, 1 - inside));
}

/** The t that |T| stays below with this confidence, to 1e-9. */
export function studentQuantile(confidence: number, df: number): number {
  let [lo, hi] = [0, 1];
  while (studentP(hi, df) > 1 - confidence) hi *= 2;
  while (hi - lo > 1e-9 * hi) {
    const middle = (lo + hi) / 2;
    if (studentP(middle, df) > 1 - confidence) lo = middle;
    else hi = middle;
  }
  return hi;
}
