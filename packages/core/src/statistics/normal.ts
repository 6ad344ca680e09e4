/**
 * The standard normal quantile function (Peter Acklam's rational approximation with one step of Halley's method;
 * relative error below 1e-13 down to p = 1e-299).
 *
 * @param p in (0, 1); infinite outside
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  // The upper half by symmetry: 1 - normalCdf loses its digits there.
  if (p > 0.5) return -normalQuantile(1 - p);
  const x = rough(p);
  // Beyond, the density underflows and the refinement with it; the approximation alone is good to 1e-9.
  if (x < -37) return x;
  const error = normalCdf(x) - p;
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2);
  return x - step / (1 + (x * step) / 2);
}

const central = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const centralDivisor = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const tail = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailDivisor = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

/** Acklam's approximation for p in (0, 0.5]; relative error below 1.15e-9. */
function rough(p: number): number {
  if (p < 0.02425) {
    const r = Math.sqrt(-2 * Math.log(p));
    return polynomial(tail, r) / polynomial(tailDivisor, r);
  }
  const offset = p - 0.5;
  const r = offset * offset;
  return (polynomial(central, r) * offset) / polynomial(centralDivisor, r);
}

/** The standard normal distribution function, by series and continued fraction (Abramowitz and Stegun 26.2.10, 26.2.14). */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const z = -x;
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let k = 1; k < 200 && Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let k = 100; k >= 1; k--) fraction = z + k / fraction;
  return density / fraction;
}
