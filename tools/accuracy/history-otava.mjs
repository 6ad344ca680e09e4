/**
 * The published rule of Apache Otava (Fleming et al., "Hunter: Using Change Point Detection to Hunt for Performance
 * Regressions", ICPE 2023; with the divergence of Matteson and James, 2014), written again as a rival: E-divisive in sliding
 * windows, a t test, and a merge of weak points. Gives what release 0.8.0 of apache-otava gives; see `otavaItself`.
 */
import { spawnSync } from 'node:child_process';

const lgamma = (x) => {
  const c = [
    76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.001208650973866179,
    -0.000005395239384953,
  ];
  const base = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  const sum = c.reduce((s, v, i) => s + v / (x + 1 + i), 1.000000000190015);
  return -base + Math.log((2.5066282746310007 * sum) / x);
};

function betaFraction(a, b, x) {
  const tiny = 1e-300;
  let [c, d] = [1, 1 - ((a + b) * x) / (a + 1)];
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let h = d;
  for (let m = 1; m <= 500; m++) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 + numerator * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + numerator / c;
      if (Math.abs(c) < tiny) c = tiny;
      h *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return h;
}

/** The two-sided p value of Student's t. */
export function tTestP(t, freedom) {
  if (Number.isNaN(t)) return NaN;
  if (!Number.isFinite(t)) return 0;
  const [a, b, x] = [freedom / 2, 0.5, freedom / (freedom + t * t)];
  const front = Math.exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  if (t === 0) return 1;
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

function statistics(left, right) {
  const of = (values) => {
    const mean = values.reduce((s, v) => s + v, 0) / values.length;
    return { mean, variance: values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length, n: values.length };
  };
  const [a, b] = [of(left), of(right)];
  const freedom = a.n + b.n - 2;
  const pooled = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / freedom;
  const p = freedom > 0 ? tTestP((a.mean - b.mean) / Math.sqrt(pooled * (1 / a.n + 1 / b.n)), freedom) : 1;
  const forward = a.mean === 0 ? 0 : b.mean / a.mean - 1;
  const backward = b.mean === 0 ? 0 : a.mean / b.mean - 1;
  return { p, magnitude: Math.max(Math.abs(forward), Math.abs(backward)) };
}

/** The split of `[start, end)` with the largest divergence of what lies before and after it. */
function candidate(series, start, end) {
  let best = { index: start + 1, q: -Infinity };
  const distance = (i, j) => Math.abs(series[i] - series[j]);
  let inLeft = 0;
  // Between the points before tau and each kappa-th point after: sums that grow with tau.
  const toLeft = new Float64Array(end);
  for (let tau = start + 1; tau < end; tau++) {
    const added = tau - 1;
    for (let i = start; i < added; i++) inLeft += distance(i, added);
    for (let j = added + 1; j < end; j++) toLeft[j] += distance(added, j);
    let [across, inRight] = [0, 0];
    for (let kappa = tau + 1; kappa <= end; kappa++) {
      const last = kappa - 1;
      across += toLeft[last];
      for (let j = tau; j < last; j++) inRight += distance(j, last);
      const [n, m] = [tau - start, kappa - tau];
      const left = n > 1 ? (2 * m * inLeft) / (n + m) / (n - 1) : 0;
      const right = m > 1 ? (2 * n * inRight) / (n + m) / (m - 1) : 0;
      const q = (2 * across) / (n + m) - left - right;
      if (q > best.q) best = { index: tau, q };
    }
  }
  return best;
}

const intervalsOf = (points, end) => {
  const edges = [0, ...points.map(({ index }) => index), end];
  return edges
    .slice(1)
    .map((to, i) => [edges[i], to])
    .filter(([from, to]) => from !== to);
};

/** The t test of a point against its neighbours on both sides. */
function tested(point, series, intervals) {
  for (const [i, [from, to]] of intervals.entries()) {
    if (to === point.index) {
      const [nextFrom, nextTo] = intervals[i + 1];
      return { ...point, ...statistics(series.slice(from, to), series.slice(nextFrom, nextTo)) };
    }
    if (from < point.index && point.index < to) {
      return { ...point, ...statistics(series.slice(from, point.index), series.slice(point.index, to)) };
    }
  }
  throw new Error(`${point.index} is in no interval`);
}

function divide(window, mostP) {
  const points = [];
  const known = new Map();
  for (;;) {
    const intervals = intervalsOf(points, window.length);
    const candidates = intervals
      .filter(([from, to]) => to - from > 1)
      .map(([from, to]) => {
        const key = `${from} ${to}`;
        if (!known.has(key)) known.set(key, candidate(window, from, to));
        return known.get(key);
      });
    if (candidates.length === 0) return points;
    const best = candidates.reduce((most, one) => (one.q > most.q ? one : most));
    const point = tested(best, window, intervals);
    if (!(point.p <= mostP)) return points;
    points.push(point);
    points.sort((a, b) => a.index - b.index);
  }
}

function split(series, windowLength, mostP) {
  const points = [];
  const step = Math.floor(windowLength / 2);
  for (let start = 0; start < series.length;) {
    const end = Math.min(start + windowLength, series.length);
    const found = divide(series.slice(start, end), mostP).map((point) => ({ ...point, index: point.index + start }));
    start = Math.max(found.at(-1)?.index ?? 0, start + step);
    for (const point of found) if (!points.some(({ index }) => index === point.index)) points.push(point);
  }
  points.sort((a, b) => a.index - b.index);
  const intervals = intervalsOf(points, series.length);
  return points.map((point) => tested(point, series, intervals));
}

function merge(found, series, mostP, leastMagnitude) {
  const points = [...found];
  while (points.length > 0) {
    let weakest = points.reduce((most, one) => (one.p > most.p ? one : most));
    if (weakest.p < mostP) {
      weakest = points.reduce((least, one) => (one.magnitude < least.magnitude ? one : least));
      if (weakest.magnitude > leastMagnitude) return points;
    }
    const at = points.indexOf(weakest);
    points.splice(at, 1);
    const intervals = intervalsOf(points, series.length);
    for (const i of [at, at + 1]) if (i < points.length) points[i] = tested(points[i], series, intervals);
  }
  return points;
}

/** @returns the indexes of the first points of new levels */
export function otavaChanges(series, { windowLength = 50, mostP = 0.001, leastMagnitude = 0 } = {}) {
  const first = mostP < 0.05 ? 10 * mostP : mostP < 0.5 ? 2 * mostP : mostP;
  return merge(split(series, windowLength, first), series, mostP, leastMagnitude).map(({ index }) => index);
}

const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from otava.analysis import compute_change_points
for line in sys.stdin:
    points, _ = compute_change_points(json.loads(line), max_pvalue=0.001, min_magnitude=float(sys.argv[2]))
    print(json.dumps([int(point.index) for point in points]))
`;

/**
 * The same by Apache Otava's own Python.
 *
 * @param checkout of apache/otava; python3 needs numpy and scipy
 * @returns for each series the indexes of the first points of new levels
 */
export function otavaItself(checkout, all, { leastMagnitude = 0 } = {}) {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program, checkout, String(leastMagnitude)], {
    input: all.map((series) => `${JSON.stringify(series)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`python3 and Otava: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
