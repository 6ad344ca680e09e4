import {
  ExitCode,
  hodgesLehmannRatio,
  type Comparison,
  type ComparisonReport,
  type Decision,
  type Report,
  type Verdict,
} from '@perfkeel/core';
import { buildRun } from './build-run.ts';
import { leak, load, parser, startup } from './drafts.ts';

const startTimes = [118, 112, 121, 116, 126, 117, 114, 123, 119, 115];

/** Reports never change, and drawing their numbers takes time. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Everything is kept. */
export const passing = once((): Report => ({
  run: buildRun([
    load('checkout', ['p99 < 200ms', 'p95 < 100ms', 'errors = 0', 'throughput >= 99/s']),
    startup('start the server', startTimes, ['median < 150ms']),
    leak('subscribe and unsubscribe', { value: 0.4, lo: -1.1, hi: 2.2, confidence: 0.95 }),
  ]),
}));

/** One objective is missed, one undecided, two benchmarks could not be measured. */
export const failing = once((): Report => ({
  run: buildRun(
    [
      load('checkout', ['p99 < 110ms', 'p95 < 100ms', 'errors < 0.1%', 'throughput >= 99/s'], {
        errors: 1,
        lagWarning: true,
        dropped: 4,
      }),
      startup('start the server', startTimes, ['median < 118ms', 'p99 < 200ms']),
      {
        id: 'GET /orders/:id',
        kind: 'load',
        rounds: 3,
        objectives: ['p99 < 50ms'],
        failures: [0, 1, 2].map((round) => ({
          round,
          error: {
            code: 'target-not-ready',
            message:
              'the target did not open port 3000 within 30 s; its last words were:\nError: EACCES: data/orders.db',
            hint: "Raise startTimeout, or say when it is ready with ready: /listening/ or ready: { http: '/health' }.",
            exitCode: ExitCode.CouldNotMeasure,
          },
        })),
      },
      {
        id: 'parse one order',
        rounds: 5,
        failures: [
          {
            round: 1,
            error: {
              code: 'threw',
              message: "Cannot read properties of undefined (reading 'lines')",
              exitCode: ExitCode.CouldNotMeasure,
              stack:
                "TypeError: Cannot read properties of undefined (reading 'lines')\n    at parse (/srv/shop/src/parse.ts:12:9)",
              location: { file: '/srv/shop/perf/orders.perf.ts', line: 41, column: 7 },
            },
          },
        ],
      },
    ],
    {
      durationMs: 252_000,
      environment: {
        ci: false,
        cpuPressure: [0.21, 0.34],
        loadAverage: 6.2,
        warnings: [{ code: 'busy', message: 'other programs were waiting for a processor 34 % of the time' }],
      },
    },
  ),
}));

/** Alternatives side by side, and a demonstration that must fail. */
export const grouped = once((): Report => ({
  run: buildRun(
    [
      parser('d3-dsv', 812_000, ['median < 1ms']),
      parser('papaparse', 1_090_000),
      parser('csv-parse/sync with every option that it knows of and then some more', 2_354_000, ['median < 2.5ms']),
      leak('cache without a bound', { value: 212, lo: 208, hi: 217, confidence: 0.95 }, { expected: 'fail' }),
    ],
    { provenance: { project: 'parsers', branch: undefined, sha: undefined } },
  ),
}));

const compared = (
  benchmark: string,
  statistic: string,
  change: number,
  decision: Decision,
  verdict: Verdict,
  scale = 160e6,
  metric = 'response-time',
): Comparison => {
  const noise = [1, 1.012, 0.991, 1.02, 0.985, 1.004];
  const base = noise.map((factor) => scale * factor);
  const head = [...noise].reverse().map((factor, i) => scale * (1 + change) * factor * (1 + 0.002 * i));
  const effect = hodgesLehmannRatio(base, head);
  return { benchmark, metric, unit: 'ns', statistic, base, head, effect, decision, verdict };
};

const passed: Verdict = { kind: 'pass', reasons: [] };
const undecided: Verdict = {
  kind: 'inconclusive',
  reasons: [{ code: 'interval-across-zone', message: 'the interval reaches out of the no-change zone' }],
  needs: '7 more rounds on each side',
};

/** Changes in both directions against a baseline. */
export const comparison = once((): ComparisonReport => ({
  base: { id: '20261118-101500-1c2d', label: 'main (12 runs)' },
  head: { id: '20261120-093000-7f3a', label: 'this run' },
  comparisons: [
    compared('start the server', 'p50', -0.083, 'improved', passed, 118e6, 'startup-time'),
    compared('checkout', 'p50', 0.002, 'unchanged', passed, 22e6),
    compared('checkout', 'p99', 0.163, 'regressed', {
      kind: 'fail',
      reasons: [{ code: 'regressed', message: 'slower by at least 13 %, allowed are 10 %' }],
    }),
    compared('checkout', 'p95', 0.031, 'inconclusive', undecided, 75e6),
    {
      benchmark: 'subscribe and unsubscribe',
      metric: 'growth',
      unit: 'B/op',
      statistic: 'value',
      base: [0.4],
      head: [0.4],
      decision: 'inconclusive',
      verdict: {
        kind: 'inconclusive',
        reasons: [{ code: 'too-few-rounds', message: 'one round on each side is no sample' }],
      },
    },
  ],
  warnings: [{ code: 'other-source', message: 'the perf file of checkout has changed since the baseline' }],
  verdict: { kind: 'fail', reasons: [{ code: 'regressed', message: 'checkout p99 is slower' }] },
}));

export const comparing = once((): Report => ({ run: passing().run, comparison: comparison() }));

/** A target that tries to break out of whatever shows its name. */
export const hostileName =
  '<img src=x onerror=alert(1)>|`rm -rf`|\u001b[2J\u202e**bold** @everyone [x](javascript:1)\r\n# heading';

export const hostile = once((): Report => ({
  run: buildRun(
    [
      load(hostileName, ['p99 < 200ms']),
      {
        id: `${hostileName} 2`,
        failures: [{ error: { code: 'threw', message: hostileName, hint: hostileName, exitCode: 4 } }],
      },
    ],
    {
      provenance: { project: hostileName, branch: hostileName },
      environment: { cpu: hostileName, warnings: [{ code: 'x', message: hostileName }] },
    },
  ),
}));

/** Past the limit, but no further than the tolerance allows. */
export const warning = once((): Report => ({
  run: buildRun([load('checkout', ['p99 < 120ms', 'p95 < 100ms'])], { tolerance: { warn: 0, fail: 0.2 } }),
}));

/** Everything ran once, with as little work as possible. */
export const rehearsal = once((): Report => ({ run: buildRun([load('checkout', [])], { short: true }) }));

export const nothingRan = once((): Report => ({ run: buildRun([], { durationMs: 31 }) }));

/** A demonstration that must fail and does not, in a run that was stopped. */
export const unexpected = once((): Report => ({
  run: buildRun(
    [leak('cache without a bound', { value: 0.1, lo: -1, hi: 1, confidence: 0.95 }, { expected: 'fail' })],
    {
      interrupted: true,
    },
  ),
}));

/** Few numbers, some of which JSON has no word for. */
export const small = (): Report => {
  const draft = startup('cli --version', [118.5], ['p99 < 200ms']);
  return { run: buildRun([draft], { environment: { cpuPressure: undefined } }) };
};
