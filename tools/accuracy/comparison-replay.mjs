/** Plays recorded or drawn rounds through the real rules of comparisons, as a session would meet them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './fresh-process.mjs';
import { buildFromSource } from './from-source.mjs';

/** packages/baseline and the sample runs of packages/core, from source. */
export async function loadRules() {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, 'node_modules/.cache/comparison-'));
  try {
    const outfile = join(folder, 'rules.mjs');
    await buildFromSource({
      stdin: {
        contents:
          "export * from '@perfkeel/baseline'; export * from '@perfkeel/core'; export * from '@perfkeel/core/testing';",
        resolveDir: join(root, 'packages/baseline'),
      },
      outfile,
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
 * @returns the report, how many rounds a side each benchmark took, and which ones would have taken more than there are
 */
export function playSession(rules, source, policy) {
  const { defaultPlan, judgeLook, compareSides } = rules;
  const names = Object.keys(source);
  const counts = Object.fromEntries(names.map((name) => [name, { screen: 0, confirm: 0 }]));
  const cut = [];
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
      const enough = (name) => (stage === 'screen' ? 0 : counts[name].screen) + size <= source[name].rounds;
      cut.push(...open.filter((name) => !enough(name)));
      open = open.filter(enough);
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
  return { report: compareSides({ ...screen, ...confirmation }, policy), counts, cut };
}

/** The most rounds a side that a session takes. */
export const mostRounds = ({ defaultPlan: { looks, confirmLooks } }) => looks.at(-1) + confirmLooks.at(-1);

/** Recorded rounds of two sides, in the order of the rounds, as a source of sessions. */
export const sourceOf = (base, head) => ({
  base: (i) => base[i].quantiles,
  head: (i) => head[i].quantiles,
  rounds: Math.min(base.length, head.length),
});

/** Two sides of recorded checks against each other: all workloads of a check are one session, as in a pull request. */
export function replayChecks(rules, rows, pairs) {
  const of = groupBy(rows, keyOf);
  const rowsOf = (check, workload, side) => of.get(keyOf({ check, workload, side })) ?? [];
  for (const list of of.values()) list.sort((a, b) => a.round - b.round);
  const checks = [...new Set(rows.map(({ check }) => check))];
  return checks.flatMap((check) => {
    const workloads = [...new Set(rows.flatMap((row) => (row.check === check ? [row.workload] : [])))];
    return pairs.flatMap(([from, to]) => {
      const source = Object.fromEntries(
        workloads.map((workload) => [workload, sourceOf(rowsOf(check, workload, from), rowsOf(check, workload, to))]),
      );
      const { report, counts } = playSession(rules, source);
      return report.comparisons.map(({ benchmark, decision, verdict, effect }) => {
        // A number stored by the check before this one, else by the first round of this one.
        const before = rowsOf(check - 1, benchmark, from);
        const [stored] = before.length > 0 ? before : rowsOf(check, benchmark, from);
        const now = rowsOf(check, benchmark, to).at(-1);
        return {
          ...{ check, workload: benchmark, pair: `${from} ${to}`, decision, verdict: verdict.kind },
          ...{ effect: effect?.value, spent: counts[benchmark].screen + counts[benchmark].confirm },
          usual: now.mean > stored.mean * 1.1,
        };
      });
    });
  });
}

const keyOf = ({ check, workload, side }) => [check, workload, side].join('\n');

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
