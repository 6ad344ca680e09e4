/** log of n over k, by Stirling's series for the log gamma function (Lanczos, g = 7). */
function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The natural logarithm of the gamma function for x > 0 (Lanczos approximation, relative error below 1e-14). */
export function logGamma(x: number): number {
  const shifted = x - 1;
  const t = shifted + 7.5;
  const series = lanczos.reduce((sum, c, i) => (i === 0 ? c : sum + c / (shifted + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}

/** P(X <= k) for X binomial with n trials and success probability p. Sums from the nearer tail. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  if (p <= 0) return 1;
  if (p >= 1) return 0;
  if (k > n * p) return 1 - upperTail(k + 1, n, p);
  return lowerTail(k, n, p);
}

const logMass = (k: number, n: number, p: number): number =>
  logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p);

/** Below the mean the masses fall towards 0, so the sum ends as soon as a term no longer matters. */
function lowerTail(k: number, n: number, p: number): number {
  let term = Math.exp(logMass(k, n, p));
  let sum = term;
  for (let i = k; i > 0 && term > sum * 1e-17; i--) {
    term *= (i / (n - i + 1)) * ((1 - p) / p);
    sum += term;
  }
  return Math.min(1, sum);
}

function upperTail(k: number, n: number, p: number): number {
  let term = Math.exp(logMass(k, n, p));
  let sum = term;
  for (let i = k; i < n && term > sum * 1e-17; i++) {
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
    sum += term;
  }
  return Math.min(1, sum);
}

/**
 * The exact one-sided bounds of a proportion (Clopper and Pearson, 1934): with probability `confidence` or more the
 * true share lies above `lo`, and likewise below `hi`.
 */
export function proportionBounds(events: number, trials: number, confidence: number): { lo: number; hi: number } {
  if (trials === 0) return { lo: 0, hi: 1 };
  const alpha = 1 - confidence;
  return {
    lo: events === 0 ? 0 : bisect((p) => 1 - binomialCdf(events - 1, trials, p) - alpha),
    hi: events === trials ? 1 : bisect((p) => alpha - binomialCdf(events, trials, p)),
  };
}

/** The root of an increasing function on [0, 1]. */
function bisect(f: (p: number) => number): number {
  let [lo, hi] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (lo + hi) / 2;
    if (f(middle) < 0) lo = middle;
    else hi = middle;
  }
  return (lo + hi) / 2;
}
