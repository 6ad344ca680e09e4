import type { Estimate } from '../estimate.ts';
import { theilSenSlope } from './theil-sen.ts';

/** How a cost grows with a size n. */
export type GrowthLaw = 'constant' | 'log n' | 'n' | 'n log n' | 'n^2' | 'n^3';

const laws: readonly (readonly [GrowthLaw, (n: number) => number])[] = [
  ['constant', () => 0],
  ['log n', (n) => Math.log2(n)],
  ['n', (n) => n],
  ['n log n', (n) => n * Math.log2(n)],
  ['n^2', (n) => n * n],
  ['n^3', (n) => n ** 3],
];

/** A cost that was measured at a size. */
export interface GrowthPoint {
  readonly size: number;
  readonly cost: number;
}

export interface GrowthFit {
  /** The law that leaves the smallest relative error; absent when the sizes cannot tell the laws apart. */
  readonly law?: GrowthLaw | undefined;
  /** The root of the mean squared relative error of that law. */
  readonly error?: number | undefined;
  /** `a` and `b` of `a + b f(n)`, in the unit of the cost. */
  readonly base?: number | undefined;
  readonly factor?: number | undefined;
  /** The slope on doubly logarithmic axes (Theil-Sen): 1 doubles the cost when the size doubles, 2 quadruples it. */
  readonly exponent: Estimate;
}

/** Logarithms of equal costs differ by this little, depending on the unit of the costs. */
const rounding = 1e-9;

/** Fewer sizes, or sizes closer together, fit every law. */
const [fewestSizes, leastSpan] = [3, 8];

/**
 * How a cost grows: the best of a handful of laws `a + b f(n)` with `a, b >= 0`, fitted to relative errors, since a
 * measured time is off by a share of itself (McGeoch, "A Guide to Experimental Algorithmics", section 7).
 *
 * @returns `undefined` with fewer than two different sizes, or with sizes or costs that are not above 0
 */
export function fitGrowth(points: readonly GrowthPoint[]): GrowthFit | undefined {
  const usable = points.every(({ size, cost }) => size > 0 && cost > 0 && Number.isFinite(size + cost));
  const sizes = new Set(points.map(({ size }) => size));
  if (!usable || sizes.size < 2) return undefined;
  const exponent = theilSenSlope(
    points.map(({ size }) => Math.log(size)),
    points.map(({ cost }) => Math.log(cost)),
  );
  const span = Math.max(...sizes) / Math.min(...sizes);
  if (sizes.size < fewestSizes || span < leastSpan) return { exponent };
  const fits = laws.map(([law, f]) => ({ law, ...fitOf(points, f) }));
  // The simplest of those that fit equally well, and none at all where growth itself is not shown.
  const least = Math.min(...fits.map(({ error }) => error));
  const flat = Number.isFinite(exponent.lo) && exponent.lo <= rounding && exponent.hi >= -rounding;
  const best = flat ? fits[0]! : fits.find(({ error }) => error <= least * 1.1 + 1e-6)!;
  return { ...best, exponent };
}

interface LineFit {
  readonly error: number;
  readonly base: number;
  readonly factor: number;
}

/** Weighted least squares for `cost = a + b f(size)` with weights 1 / cost^2, and its relative error. */
function fitOf(points: readonly GrowthPoint[], f: (n: number) => number): LineFit {
  // In units of the largest f, so that n^3 does not drown the constant.
  const scale = Math.max(...points.map(({ size }) => f(size))) || 1;
  const rows = points.map(({ size, cost }) => ({ one: 1 / cost, x: f(size) / scale / cost }));
  const sum = (of: (row: { one: number; x: number }) => number): number => rows.reduce((s, row) => s + of(row), 0);
  const [oneOne, oneX, xx, one, x] = [
    sum((r) => r.one * r.one),
    sum((r) => r.one * r.x),
    sum((r) => r.x * r.x),
    sum((r) => r.one),
    sum((r) => r.x),
  ];
  const determinant = oneOne * xx - oneX * oneX;
  const onlyOne = { a: one / oneOne, b: 0 };
  const onlyX = { a: 0, b: xx > 0 ? x / xx : 0 };
  const both = { a: (one * xx - x * oneX) / determinant, b: (x * oneOne - one * oneX) / determinant };
  const inside = determinant > 1e-12 * oneOne * xx && both.a >= 0 && both.b >= 0;
  const candidates = inside ? [both] : xx > 0 ? [onlyOne, onlyX] : [onlyOne];
  const fits = candidates.map(({ a, b }) => ({
    error: Math.sqrt(sum((r) => (a * r.one + b * r.x - 1) ** 2) / rows.length),
    base: a,
    factor: b / scale,
  }));
  return fits.reduce((best, fit) => (fit.error < best.error ? fit : best));
}
