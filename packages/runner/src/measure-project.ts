import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import {
  PerfError,
  serialiseError,
  type Failure,
  type Fitness,
  type Measurement,
  type RoundResult,
  type Run,
  type RunPlan,
  type Tolerance,
} from '@perfkeel/core';
import { assembleRun, failureOf } from './assemble-run.ts';
import { declareFiles } from './declare-files.ts';
import { discover } from './discover.ts';
import { readEnvironment, type MachineState } from './environment.ts';
import { examineMachine } from './fitness/examine-machine.ts';
import { cpuPressure } from './fitness/pressure.ts';
import { measureRound } from './measure-round.ts';
import { orderRounds, planBenchmarks, type PlannedBenchmark, type PlannedRound, type Selection } from './plan.ts';
import { readProvenance } from './provenance.ts';
import { createRunId } from './run-id.ts';

/** What happens during a run, for whoever shows it. */
export type RunEvent =
  | { readonly type: 'planned'; readonly plan: RunPlan; readonly rounds: number }
  /** The look at the machine when the run begins. */
  | { readonly type: 'examined'; readonly fitness: Fitness }
  | {
      readonly type: 'round';
      readonly benchmark: string;
      readonly round: number;
      readonly done: number;
      readonly rounds: number;
    }
  | { readonly type: 'progress'; readonly benchmark: string; readonly text: string }
  /** What the user's code printed. */
  | { readonly type: 'output'; readonly benchmark: string; readonly text: string }
  | { readonly type: 'measured'; readonly benchmark: string; readonly round: number; readonly result: RoundResult }
  | { readonly type: 'failed'; readonly failure: Failure };

export interface MeasureProjectOptions extends Pick<Selection, 'kinds' | 'tags'> {
  /** The folder of the project, absolute. */
  readonly root: string;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly filters?: readonly string[] | undefined;
  /** Where paths among the filters start from. @default the root */
  readonly cwd?: string | undefined;
  readonly conditions?: readonly string[] | undefined;
  readonly name?: string | undefined;
  /** Name and version of the program that measures. */
  readonly tool: string;
  /** Rounds of every benchmark, instead of what they declare. */
  readonly rounds?: number | undefined;
  readonly seed?: number | undefined;
  /** One round with as little work as possible: shows that everything runs, judges nothing. */
  readonly short?: boolean | undefined;
  readonly tolerance?: Tolerance | undefined;
  readonly roundTimeoutMs?: number | undefined;
  /**
   * Looks at the machine when the run begins and when it ends, and during every round. What it finds turns a fail on
   * times or rates into inconclusive; a pass stays a pass. Two seconds more; never in a rehearsal. @default false
   */
  readonly examine?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * Measures what the perf files of a project declare: in fresh processes, with interleaved rounds, and judges it.
 *
 * A benchmark that fails does not stop the others: it is in `failures`, and the verdict says so. An aborted `signal`
 * gives a run with `interrupted: true` and everything that had been measured.
 *
 * @throws PerfError `nothing-to-run` (exit 4) when no benchmark is found or selected; exit 2 for wrong declarations.
 */
export async function measureProject(options: MeasureProjectOptions): Promise<Run> {
  const startedAt = new Date();
  const began = performance.now();
  const pressureBefore = cpuPressure();
  const benchmarks = await findBenchmarks(options);
  const plan = planOf(benchmarks, options);
  const { examined, measurements, failures } = await examining(options, () => measureRounds(benchmarks, plan, options));
  return assembleRun(
    {
      id: createRunId(startedAt),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - began),
      interrupted: options.signal?.aborted ?? false,
      plan,
      environment: readEnvironment({ pressureBefore, examined }),
      provenance: await readProvenance(options.root, options.tool, options.name),
      measurements,
      failures,
    },
    options.tolerance,
  );
}

/** Looks at the machine before and after. */
async function examining(
  { examine = false, short = false, signal, onEvent }: MeasureProjectOptions,
  measure: () => Promise<Results>,
): Promise<Results & Pick<MachineState, 'examined'>> {
  if (!examine || short || signal?.aborted) return measure();
  const before = await examineMachine();
  onEvent?.({ type: 'examined', fitness: before });
  const results = await measure();
  return { ...results, examined: [before, signal?.aborted ? undefined : await examineMachine()] };
}

const defaultTimeoutMs = 300_000;
const neverAborted = new AbortController().signal;

async function findBenchmarks(options: MeasureProjectOptions): Promise<PlannedBenchmark[]> {
  const { root, conditions = [], signal = neverAborted } = options;
  const { files, names } = await discover(root, options);
  if (files.length === 0) {
    throw nothingToRun(
      `no perf file was found in ${root}`,
      'Name it *.perf.ts, or set `include` in perf.config; `perfkeel init` writes a first one.',
    );
  }
  // Below the project, wherever results go: what the bundles import is found from there.
  const outdir = join(root, '.perf', 'bundles');
  const declared = await declareFiles(files, {
    root,
    outdir,
    conditions,
    signal,
    timeoutMs: options.roundTimeoutMs ?? defaultTimeoutMs,
  });
  const benchmarks = planBenchmarks(declared, { ...options, names }, options.short ? 1 : options.rounds);
  if (benchmarks.length > 0) return benchmarks;
  const all = declared.flatMap(({ declarations }) => declarations.map(({ name }) => name));
  throw all.length === 0
    ? nothingToRun(
        `${files.length} perf file${files.length === 1 ? '' : 's'} declare nothing`,
        "Declare something: bench('parse', () => parse(text)).",
      )
    : nothingToRun(
        'no benchmark fits the selection',
        `There are: ${all.map((name) => JSON.stringify(name)).join(', ')}.`,
      );
}

const nothingToRun = (message: string, hint: string): PerfError =>
  new PerfError(message, { code: 'nothing-to-run', hint });

function planOf(benchmarks: readonly PlannedBenchmark[], { seed = 1, short = false }: MeasureProjectOptions): RunPlan {
  return { seed, short, benchmarks: benchmarks.map(({ plan }) => plan) };
}

interface Results {
  readonly measurements: Measurement[];
  readonly failures: Failure[];
}

async function measureRounds(
  benchmarks: readonly PlannedBenchmark[],
  plan: RunPlan,
  options: MeasureProjectOptions,
): Promise<Results> {
  const { onEvent = () => undefined, signal = neverAborted } = options;
  const order = orderRounds(benchmarks, plan.seed);
  const results: Results = { measurements: [], failures: [] };
  onEvent({ type: 'planned', plan, rounds: order.length });
  const failed = new Set<string>();
  for (const [done, planned] of order.entries()) {
    const { id } = planned.benchmark.plan;
    if (signal.aborted) break;
    // What failed once would fail again, and every attempt may wait for a time-out.
    if (failed.has(id)) continue;
    onEvent({ type: 'round', benchmark: id, round: planned.round, done, rounds: order.length });
    try {
      const result = await measurePlanned(planned, plan, { ...options, onEvent, signal });
      results.measurements.push(...recorded(planned, result));
      onEvent({ type: 'measured', benchmark: id, round: planned.round, result });
    } catch (error) {
      if (signal.aborted) break;
      failed.add(id);
      const failure = failureOf(id, planned.round, serialiseError(error));
      results.failures.push(failure);
      onEvent({ type: 'failed', failure });
    }
  }
  return results;
}

/** The options with their defaults. */
type Resolved = MeasureProjectOptions & {
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
};

function measurePlanned(planned: PlannedRound, plan: RunPlan, options: Resolved): Promise<RoundResult> {
  const { onEvent, signal } = options;
  const benchmark = planned.benchmark.plan.id;
  return measureRound(planned, {
    root: options.root,
    seed: plan.seed,
    short: plan.short,
    watch: options.examine && !plan.short,
    signal,
    timeoutMs: options.roundTimeoutMs ?? defaultTimeoutMs,
    onProgress: (text) => onEvent({ type: 'progress', benchmark, text }),
    onOutput: (text) => onEvent({ type: 'output', benchmark, text }),
  });
}

/** The measurements of a round, with the benchmark and round that they belong to. */
function recorded({ benchmark, round }: PlannedRound, result: RoundResult): Measurement[] {
  return result.measurements.map(({ metric, data, dropped = 0, warnings = [] }, index) => ({
    benchmark: benchmark.plan.id,
    metric,
    round,
    data,
    dropped,
    // Remarks on the round as a whole stand with its first measurement; what forbids conclusions, with each.
    warnings: [...(result.warnings ?? []).filter(({ forbids }) => index === 0 || forbids !== undefined), ...warnings],
    ...(result.input === undefined ? {} : { input: result.input }),
  }));
}
