import {
  joinKinds,
  median,
  type BenchmarkPlan,
  type Comparison,
  type ComparedSide,
  type Report,
  type SourceLocation,
} from '@perfkeel/core';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { allRows } from '../view/comparison-row.ts';
import { environmentPairs } from '../view/environment-words.ts';
import { viewFailures } from '../view/failure-view.ts';
import { objectiveRows } from '../view/objective-row.ts';
import { recommendationsOf } from '../view/recommendations.ts';
import { givenEffect } from '../view/shown-effect.ts';
import type { CiAcceptance, CiFailure, CiKept, CiObjective, CiPlace, CiProject, CiRow, CiSide } from './ci-report.ts';

export interface SummariseOptions {
  /** The folder of the project from the top of the repository. */
  readonly folder: string;
  readonly exitCode: number;
  /** The top of the repository, absolute: places become relative to it, and those outside of it are left out. */
  readonly toplevel: string;
  readonly leg?: string | undefined;
  /** Why it was measured. */
  readonly why?: readonly string[] | undefined;
}

/** What a pull request has to be told of one report: a copy without samples, and without paths of this machine. */
export function summariseReport(report: Report, options: SummariseOptions): CiProject {
  const { run, comparison } = report;
  const place = placesIn(options.toplevel);
  const plans = new Map(run.plan.benchmarks.map((plan) => [plan.id, plan]));
  return {
    project: run.provenance.project,
    folder: options.folder,
    why: options.why ?? [],
    ...(options.leg === undefined ? {} : { leg: options.leg }),
    verdict: comparison ? joinKinds(run.verdict.kind, comparison.verdict.kind) : run.verdict.kind,
    exitCode: options.exitCode,
    ...(comparison ? { base: sideOf(comparison.base), head: sideOf(comparison.head) } : {}),
    rows: comparison
      ? allRows(run, comparison.comparisons).map((row) =>
          rowOf(row.comparison, row.label, place(plans.get(row.comparison.benchmark))),
        )
      : [],
    objectives: objectivesOf(report, (id) => place(plans.get(id)), options.toplevel),
    kept: keptOf(report),
    failures: viewFailures(run).map(({ benchmark, error, location }): CiFailure => ({
      benchmark,
      code: error.code,
      message: error.message,
      ...withPlace(place({ location })),
    })),
    warnings: [
      ...new Set([...(comparison?.warnings ?? []), ...run.environment.warnings].map(({ message }) => message)),
    ],
    ...(comparison?.control ? { control: comparison.control } : {}),
    environment: environmentPairs(run.environment),
  };
}

type PlaceOf = (plan: Pick<BenchmarkPlan, 'location'> | undefined) => CiPlace | undefined;

const withPlace = (place: CiPlace | undefined): { readonly place?: CiPlace } => (place ? { place } : {});

function placesIn(toplevel: string): PlaceOf {
  const top = `${toplevel.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  return (plan) => {
    const location: SourceLocation | undefined = plan?.location;
    const file = location?.file.replace(/^file:\/\/(?=\/)/, '').replaceAll('\\', '/');
    if (!location || !file?.startsWith(top)) return undefined;
    return { file: file.slice(top.length), line: location.line };
  };
}

const sideOf = ({ label, sha, why }: ComparedSide): CiSide => ({
  label,
  ...(sha === undefined ? {} : { sha }),
  ...(why === undefined ? {} : { why }),
});

function rowOf(comparison: Comparison, label: string, place: CiPlace | undefined): CiRow {
  const { benchmark, metric, statistic, unit, base, head, effect, screening, decision, verdict } = comparison;
  const acceptance = acceptanceOf(comparison);
  const reason = verdict.reasons.find(({ code }) => !code.startsWith('accept'))?.message;
  return {
    ...{ benchmark, label, metric, statistic, unit },
    ...(base.length > 0 ? { base: median(base) } : {}),
    ...(head.length > 0 ? { head: median(head) } : {}),
    ...(effect ? { effect: givenEffect(effect) } : {}),
    ...{ decision, verdict: verdict.kind },
    ...(reason === undefined ? {} : { reason }),
    ...(verdict.needs === undefined ? {} : { needs: verdict.needs }),
    rounds: head.length + (screening?.head.length ?? 0),
    ...(acceptance ? { acceptance } : {}),
    ...withPlace(place),
  };
}

const states = {
  accepted: 'accepted',
  'acceptance-expired': 'expired',
  'acceptance-exceeded': 'exceeded',
} as const;

/** The reason that an acceptance left on a comparison; its message begins with the id of the file. */
function acceptanceOf({ verdict }: Comparison): CiAcceptance | undefined {
  for (const { code, message } of verdict.reasons) {
    const state = Object.hasOwn(states, code) ? states[code as keyof typeof states] : undefined;
    if (state === undefined) continue;
    const [id = '', ...words] = message.split(': ');
    return { id, state, message: words.join(': ') };
  }
  return undefined;
}

function keptOf({ run, comparison }: Report): readonly CiKept[] {
  const compared = new Set(comparison?.comparisons.map(({ benchmark }) => benchmark));
  const views = viewBenchmarks(run);
  const kept = objectiveRows(views).filter(({ kind, asExpected }) => kind === 'pass' || asExpected);
  const silent = views.filter(({ plan, judgements }) => judgements.length === 0 && !compared.has(plan.id));
  const without = silent.filter(({ verdict }) => verdict.kind === 'pass');
  return [
    ...kept.map(({ benchmark, objective }) => ({ benchmark, objective })),
    ...without.map(({ plan }) => ({ benchmark: plan.id, objective: 'measured' })),
  ];
}

function objectivesOf(
  { run }: Report,
  place: (benchmark: string) => CiPlace | undefined,
  toplevel: string,
): readonly CiObjective[] {
  const advice = recommendationsOf({ run });
  const top = `${toplevel.replace(/\/$/, '')}/`;
  return objectiveRows(viewBenchmarks(run))
    .filter(({ kind, asExpected }) => kind !== 'pass' && !asExpected)
    .map(({ benchmark, objective, kind, value, note }) => {
      const own = advice.find((each) => each.benchmark === benchmark && each.objective === objective);
      const [evidence, attempt] = [own?.evidence[0], own?.attempts[0]];
      return {
        ...{ benchmark, objective, verdict: kind, message: `${value}: ${note}` },
        // Instruments name places in files, which are no business of others.
        ...(evidence === undefined ? {} : { evidence: top === '/' ? evidence : evidence.replaceAll(top, '') }),
        ...(attempt === undefined ? {} : { attempt }),
        ...withPlace(place(benchmark)),
      };
    });
}
