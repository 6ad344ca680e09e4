import { PerfError } from '@perfkeel/core';

/** Throughput at a concurrency: of clients, processes, processors. */
export interface UslPoint {
  readonly concurrency: number;
  /** In any unit. */
  readonly throughput: number;
}

/** The Universal Scalability Law with its coefficients: `throughput = λN / (1 + σ(N − 1) + κN(N − 1))`. */
export interface UslFit {
  /** λ: the throughput of one, in the unit of the points. */
  readonly lambda: number;
  /** σ: the share of work that is done one after the other, so that the others queue. */
  readonly contention: number;
  /** κ: what it costs each to agree with each other one; above 0 more clients get less done in the end. */
  readonly coherency: number;
  /** Where throughput is highest, and how high; `Infinity` and its limit where it never falls. */
  readonly peak: UslPoint;
  /** The share of the variance that the law explains, at most 1. */
  readonly rSquared: number;
  /** The throughput that the law expects at a concurrency. */
  throughputAt(concurrency: number): number;
}

/** Three coefficients through fewer points than these explain anything. */
export const leastUslPoints = 6;

/**
 * Fits the Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007, chapters 4 to 6) by least squares
 * of the throughput, with no coefficient below 0. An explanation of measured points, and no verdict: the law says
 * nothing of latency, and beyond the points it is a guess.
 *
 * @returns `undefined` below 6 different concurrencies, or where throughput is nowhere above 0
 * @throws PerfError `bad-points` when a concurrency is not above 0, or a number is not finite
 */
export function fitUsl(points: readonly UslPoint[]): UslFit | undefined {
  for (const point of points) requireFinite(point);
  if (new Set(points.map(({ concurrency }) => concurrency)).size < leastUslPoints) return undefined;
  if (!points.some(({ throughput }) => throughput > 0)) return undefined;
  const fits = faces.map((face) => fitFace(points, face)).filter((fit) => fit !== undefined);
  const best = fits.sort((a, b) => a.error - b.error)[0];
  return best && describe(points, best);
}

function requireFinite({ concurrency, throughput }: UslPoint): void {
  if (concurrency > 0 && Number.isFinite(concurrency) && throughput >= 0 && Number.isFinite(throughput)) return;
  throw new PerfError(`a throughput of ${throughput} at a concurrency of ${concurrency} cannot be fitted`, {
    code: 'bad-points',
    hint: 'Both are finite, the concurrency is above 0, and the throughput is not below 0.',
  });
}

/** λ, σ, κ. */
type Coefficients = readonly [lambda: number, sigma: number, kappa: number];

interface Fit {
  readonly coefficients: Coefficients;
  /** Sum of squares. */
  readonly error: number;
}

/** Which of λ, σ, κ are free, the others 0: the best point that has none below 0 is the best one of some face. */
const faces: readonly (readonly number[])[] = [[0, 1, 2], [0, 1], [0, 2], [0]];

const divisor = (n: number, [, sigma, kappa]: Coefficients): number => 1 + sigma * (n - 1) + kappa * n * (n - 1);
const law = (n: number, coefficients: Coefficients): number => (coefficients[0] * n) / divisor(n, coefficients);

/** The derivatives of the law by λ, σ and κ. */
function gradient(n: number, coefficients: Coefficients): Coefficients {
  const d = divisor(n, coefficients);
  const slope = (-coefficients[0] * n) / d ** 2;
  return [n / d, slope * (n - 1), slope * n * (n - 1)];
}

const errorOf = (points: readonly UslPoint[], coefficients: Coefficients): number =>
  points.reduce((sum, { concurrency, throughput }) => sum + (throughput - law(concurrency, coefficients)) ** 2, 0);

function fitFace(points: readonly UslPoint[], free: readonly number[]): Fit | undefined {
  const start = linearised(points, free);
  const coefficients = start && descend(points, start, free);
  if (coefficients === undefined || coefficients.some((value) => !(value >= 0))) return undefined;
  return { coefficients, error: errorOf(points, coefficients) };
}

const place = (free: readonly number[], values: readonly number[]): Coefficients =>
  [0, 1, 2].map((i) => values[free.indexOf(i)] ?? 0) as unknown as Coefficients;

/** N / X is linear in 1/λ, σ/λ and κ/λ: a first guess. Weighted by X², whose inverse that division has as its error. */
function linearised(points: readonly UslPoint[], free: readonly number[]): Coefficients | undefined {
  const rows = points
    .filter(({ throughput }) => throughput > 0)
    .map(({ concurrency: n, throughput: x }) => ({
      terms: free.map((i) => [1, n - 1, n * (n - 1)][i]! * (x / n) * x),
      value: x,
    }));
  const solution = solveNormal(rows, 0);
  if (solution === undefined) return undefined;
  const [inverse = NaN, ...others] = solution;
  // Noise can turn the sign: from there the way is longer, but no other.
  return place(free, [Math.abs(1 / inverse), ...others.map((value) => Math.max(0, value / inverse))]);
}

const mostSteps = 500;
const enough = 1e-14;

/** Levenberg and Marquardt: Gauss-Newton steps, shortened until they go downhill. */
function descend(points: readonly UslPoint[], start: Coefficients, free: readonly number[]): Coefficients {
  let [best, error, damping] = [start, errorOf(points, start), 1e-3];
  for (let i = 0; i < mostSteps && damping < 1e12; i++) {
    const rows = points.map(({ concurrency, throughput }) => ({
      terms: free.map((j) => gradient(concurrency, best)[j]!),
      value: throughput - law(concurrency, best),
    }));
    const step = solveNormal(rows, damping);
    const next =
      step &&
      place(
        free,
        free.map((j, k) => best[j]! + step[k]!),
      );
    const nextError = next === undefined ? Infinity : errorOf(points, next);
    if (!(nextError <= error)) {
      damping *= 4;
      continue;
    }
    const gained = error - nextError;
    [best, error, damping] = [next!, nextError, damping / 4];
    if (gained <= enough * error) break;
  }
  return best;
}

interface Row {
  readonly terms: readonly number[];
  readonly value: number;
}

/** Least squares by the normal equations, their diagonal enlarged by the damping; `undefined` when they are singular. */
function solveNormal(rows: readonly Row[], damping: number): readonly number[] | undefined {
  const size = rows[0]?.terms.length ?? 0;
  const sum = (term: (row: Row) => number): number => rows.reduce((total, row) => total + term(row), 0);
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => sum(({ terms }) => terms[i]! * terms[j]!) * (i === j ? 1 + damping : 1)),
    sum(({ terms, value }) => terms[i]! * value),
  ]);
  return eliminate(matrix);
}

/** Gauss with pivots, on a matrix with its right side as the last column. */
function eliminate(matrix: readonly number[][]): readonly number[] | undefined {
  const rows = matrix.map((row) => [...row]);
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, row, k) => (Math.abs(row[i]!) > Math.abs(rows[best]![i]!) ? i + k : best), i);
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    const own = rows[i]!;
    if (!(Math.abs(own[i]!) > 0)) return undefined;
    for (const row of rows) {
      if (row === own) continue;
      const share = row[i]! / own[i]!;
      for (let k = i; k < row.length; k++) row[k]! -= share * own[k]!;
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}

function describe(points: readonly UslPoint[], { coefficients, error }: Fit): UslFit {
  const [lambda, contention, coherency] = coefficients;
  const mean = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length;
  const spread = points.reduce((sum, { throughput }) => sum + (throughput - mean) ** 2, 0);
  const throughputAt = (concurrency: number): number => law(concurrency, coefficients);
  return {
    ...{ lambda, contention, coherency, throughputAt },
    peak: peakOf(coefficients),
    rSquared: spread === 0 ? 1 : 1 - error / spread,
  };
}

/** Where one more client takes as much as it brings: N = √((1 − σ) / κ). */
function peakOf(coefficients: Coefficients): UslPoint {
  const [lambda, sigma, kappa] = coefficients;
  if (kappa === 0) return { concurrency: Infinity, throughput: sigma === 0 ? Infinity : lambda / sigma };
  const concurrency = Math.max(1, Math.sqrt(Math.max(0, 1 - sigma) / kappa));
  return { concurrency, throughput: law(concurrency, coefficients) };
}
