/** Plays recorded or drawn rounds through the real rules of comparisons, as a session would meet them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './fresh-process.mjs';

/** packages/baseline and the sample runs of packages/core, from source. */
export async function loadRules() {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, 'node_modules/.cache/comparison-'));
  try {
    const outfile = join(folder, 'rules.mjs');
    await build({
      stdin: {
        contents:
          "export * from '@perfkeel/baseline'; export * from '@perfkeel/core'; export * from '@perfkeel/core/testing';",
        resolveDir: join(root, 'packages/baseline'),
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@perfkeel/source'],
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run of micro-benchmarks: by name, one sample of times for each round. */
export function runOf({ samplePlan, sampleMeasurement, sampleRun, metrics }, id, rounds) {
  const names = Object.keys(rounds);
  const metric = metrics.timePerOperation;
  const planOf = (name) => ({
    id: name,
    kind: 'bench',
    metrics: [metric],
    primary: metric.id,
    objectives: [],
    rounds: 36,
  });
  return sampleRun({
    id,
    plans: names.map((name) => samplePlan(planOf(name))),
    measurements: names.flatMap((benchmark) =>
      rounds[benchmark].map((values, round) =>
        sampleMeasurement({ benchmark, metric: metric.id, round, data: { kind: 'sample', values } }),
      ),
    ),
  });
}

/**
 * Plays a whole session. `source[name]` has `base(i)` and `head(i)`, the i-th round of each side, and `rounds`, how many
 * there are: the first set takes from the front, the second set what follows.
 *
 * @returns the report, and how many rounds a side each benchmark took
 */
export function playSession(rules, source, policy) {
  const { defaultPlan, judgeLook, compareSides } = rules;
  const names = Object.keys(source);
  const counts = Object.fromEntries(names.map((name) => [name, { screen: 0, confirm: 0 }]));
  const pairOf = (stage, some) => {
    const side = (which) =>
      Object.fromEntries(
        some.map((name) => {
          const from = stage === 'screen' ? 0 : counts[name].screen;
          return [name, Array.from({ length: counts[name][stage] }, (_, i) => source[name][which](from + i))];
        }),
      );
    return { base: runOf(rules, `${stage} base`, side('base')), head: runOf(rules, `${stage} head`, side('head')) };
  };
  const measure = (stage, looks, start, runsFor) => {
    let open = start;
    const asked = [];
    for (const [look, size] of looks.entries()) {
      open = open.filter((name) => (stage === 'screen' ? 0 : counts[name].screen) + size <= source[name].rounds);
      if (open.length === 0) break;
      for (const name of open) counts[name][stage] = size;
      const verdicts = judgeLook(stage, look, runsFor(), policy);
      asked.push(...open.filter((name) => verdicts.get(name) === 'confirm'));
      open = open.filter((name) => verdicts.get(name) === 'more');
    }
    return asked;
  };
  const suspects = measure('screen', defaultPlan.looks, names, () => pairOf('screen', names));
  const screen = pairOf('screen', names);
  measure('confirm', defaultPlan.confirmLooks, suspects, () => ({ ...pairOf('confirm', suspects), screen }));
  const confirmation = suspects.length > 0 ? { confirmation: pairOf('confirm', suspects) } : {};
  return { report: compareSides({ ...screen, ...confirmation }, policy), counts };
}

/** All sides of all checks of recorded rows against A, each with what the usual rule says of the same data. */
export async function replayChecks(rows) {
  const rules = await loadRules();
  const of = new Map();
  for (const row of rows) {
    const key = [row.condition, row.check, row.workload, row.side].join('\n');
    of.set(key, [...(of.get(key) ?? []), row]);
  }
  const rowsOf = (condition, check, workload, side) =>
    (of.get([condition, check, workload, side].join('\n')) ?? []).sort((a, b) => a.round - b.round);
  const checks = [...new Set(rows.map(({ condition, check }) => `${condition}\n${check}`))];
  return checks.flatMap((key) => {
    const [condition, check] = key.split('\n');
    const workloads = [
      ...new Set(rows.flatMap((row) => (`${row.condition}\n${row.check}` === key ? [row.workload] : []))),
    ];
    return ['A2', 'B5', 'B10'].flatMap((side) => {
      const source = Object.fromEntries(
        workloads.map((workload) => {
          const [base, head] = [rowsOf(condition, check, workload, 'A'), rowsOf(condition, check, workload, side)];
          const rounds = Math.min(base.length, head.length);
          return [workload, { base: (i) => base[i].quantiles, head: (i) => head[i].quantiles, rounds }];
        }),
      );
      const { report, counts } = playSession(rules, source);
      return report.comparisons.map(({ benchmark, decision, verdict, effect }) => {
        // A number stored by the check before this one, else by the first round of this one.
        const before = rowsOf(condition, String(check - 1), benchmark, 'A');
        const [stored] = before.length > 0 ? before : rowsOf(condition, check, benchmark, 'A');
        const now = rowsOf(condition, check, benchmark, side).at(-1);
        return {
          condition,
          check: Number(check),
          workload: benchmark,
          side,
          decision,
          verdict: verdict.kind,
          effect: effect?.value,
          spent: counts[benchmark].screen + counts[benchmark].confirm,
          usual: now.mean > stored.mean * 1.1,
        };
      });
    });
  });
}
