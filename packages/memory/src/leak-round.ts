import {
  PerfError,
  describeValue,
  usageError,
  type DurationText,
  type RoundContext,
  type RoundMeasurement,
  type RoundResult,
  type Warning,
} from '@perfkeel/core';
import { sizesOf, stillFilling } from './bounded.ts';
import { measureGrowth, type LeakReport } from './detect-leak.ts';
import { explainLeak, isExplainable } from './explain-leak.ts';
import { isDeclaration, loadWork } from './during-load.ts';
import { httpWork, type HttpCounts } from './http-work.ts';
import { measureIdle, type IdleGrowth } from './idle-growth.ts';
import { keepCourse } from './keep-course.ts';
import { leakMeasurements, type Question } from './leak-measurements.ts';
import { clientsOf, lengthOf, type WrittenLeak } from './leak-options.ts';
import { planLeak, shortened } from './leak-plan.ts';
import { planProjections, projectReport } from './leak-projections.ts';
import { openTarget, type OpenTarget } from './open-target.ts';
import { probeHere, probeOf, type Probe } from './probe.ts';
import { workOf, type Work } from './repeat.ts';
import { measureBehind, snapshotsOf } from './behind-verdict.ts';
import type { Promised } from './keep-snapshots.ts';
import { lookLong } from './long-look.ts';
import { PhaseMarks } from './phases/phase-marks.ts';

/** One round of a leak declaration, in a process of its own. */
export async function measureLeakRound<State>(
  options: WrittenLeak<State>,
  asked: Asked,
  context: RoundContext,
  promised: Promised,
): Promise<RoundResult> {
  const pid = options.target && context.target?.pid;
  if (options.target !== undefined && pid === undefined) throw noProcess();
  const opened = pid === undefined ? undefined : await openTarget(pid);
  try {
    return await measureBy(options, { asked, promised }, context, opened);
  } finally {
    await opened?.target.close();
  }
}

/** What an open answer is told in: the least growth that an objective allows, and the option for the length. */
type Asked = Required<Pick<Question, 'limit' | 'word'>>;

const noProcess = (): PerfError =>
  new PerfError('the process of the target is not known, so that its memory cannot be read', {
    code: 'no-target',
    hint: "Let perfkeel start it: target({ command: ['node', 'server.js'] }).",
  });

async function measureBy<State>(
  options: WrittenLeak<State>,
  { asked, promised }: { readonly asked: Asked; readonly promised: Promised },
  context: RoundContext,
  opened: OpenTarget | undefined,
): Promise<RoundResult> {
  const probe = opened ? probeOf(opened.target) : probeHere();
  const began = performance.now();
  const state = (await options.setup?.(context.target)) as State;
  sizesOf(options.expectBounded ?? [], state);
  const marks = new PhaseMarks(options.phases ?? []);
  const means = workFor(options, state, context, marks);
  const { work, counts } = means;
  try {
    const job = { work, probe, began, asked };
    const first = (duration: DurationText) => measureExtent({ ...options, for: duration }, job, context);
    const look = {
      ...{ work, probe, limit: asked.limit, clients: clientsOf(options), name: promised.name, target: opened?.target },
      ...{ length: soakOf(options), first },
    };
    const soaked = await lookLong({ ...look, smallest: finest(asked.limit) }, context);
    const report = soaked?.report ?? (await measureExtent(options, job, context));
    // What follows takes more memory than all before, and may be the end of the process.
    context.checkpoint?.({ measurements: leakMeasurements(report, asked) });
    const behind = await measureBehind(options, { work, probe, marks, report }, context);
    const found = await findings(options, work, report, context);
    means.close();
    const idle = await maybeIdle(options, probe, context);
    const projections = projectReport(report, planProjections(options));
    const filling = stillFilling(options.expectBounded ?? [], state, report);
    const question = { ...asked, short: context.short, idle, projections, filling, ...behind };
    const measurements = leakMeasurements(report, question);
    const task = { promised, measurements, report, work, target: opened?.target };
    const kept = await snapshotsOf(options, task, context);
    const said = [...found, ...kept, ...(soaked?.remarks ?? [])];
    const remarks = [...said, ...(opened?.warnings ?? []), ...failures(counts)];
    return { measurements: withWarnings(measurements, remarks) };
  } finally {
    means.close();
  }
}

/** After all else: snapshots stop the process, and the profile turns its optimiser off for a while. */
async function findings<State>(
  { target, explain = true, keepSnapshots }: WrittenLeak<State>,
  work: Work,
  report: LeakReport,
  context: RoundContext,
): Promise<Warning[]> {
  if (context.short || !explain || target !== undefined || !isExplainable(report)) return [];
  return explainLeak(work, report, { keepSnapshots, onStep: (text) => context.progress(text) });
}

interface Means {
  readonly work: Work;
  readonly counts?: HttpCounts;
  close(): void;
}

function workFor<State>(options: WrittenLeak<State>, state: State, context: RoundContext, marks: PhaseMarks): Means {
  const { target, signal } = context;
  const { mark } = marks;
  const { cycle, request, during, churn = false } = options;
  const clients = clientsOf(options);
  if (request) {
    const http = httpWork(target!.url, request, clients, churn);
    return { work: http.run, counts: http.counts, close: () => http.close() };
  }
  const close = (): void => undefined;
  if (cycle) {
    const whole = async (): Promise<void> => {
      await cycle(state, mark);
      await marks.endCycle();
    };
    return { work: workOf(options.phases ? whole : () => cycle(state, mark), clients), close };
  }
  if (isDeclaration(during)) {
    const counts: HttpCounts = { completed: 0, refused: 0, unanswered: 0 };
    return { work: loadWork(during, context, counts), counts, close };
  }
  const whole = async (): Promise<number> => {
    const count = await during!(target!, signal, mark);
    await marks.endCycle();
    return count;
  };
  return { work: (calls) => repeatedly(calls, whole), close };
}

async function repeatedly(calls: number, during: () => number | Promise<number>): Promise<number> {
  let completed = 0;
  for (let i = 0; i < calls; i++) {
    const count: unknown = await during();
    if (!(Number.isFinite(count) && (count as number) >= 0)) {
      throw usageError(`during gave back ${describeValue(count)} and not the requests that it completed`, {
        code: 'bad-option',
        hint: 'Write during: async ({ url }) => (await generateLoad(...)).completed.',
        excerpt: 'during',
      });
    }
    completed += count as number;
  }
  return completed;
}

/** A promise below 1 B needs eyes that see less than 1 B. */
const finest = (limit: number): number => (limit > 0 ? Math.min(1, limit) : 1);

/** Whoever says how many iterations or samples there are gets those. */
const soakOf = <State>(options: WrittenLeak<State>): DurationText | undefined =>
  options.iterations === undefined && options.samples === undefined ? lengthOf(options) : undefined;

type Job = { readonly work: Work; readonly probe: Probe; readonly began: number; readonly asked: Asked };

async function measureExtent<State>(
  options: WrittenLeak<State>,
  { work, probe, began, asked }: Job,
  context: RoundContext,
): Promise<LeakReport> {
  const { iterations, samples, target } = options;
  const duration = lengthOf(options) ?? (target ? '20s' : '6s');
  const extent = { iterations, samples, duration };
  const sampling = {
    ...(context.short ? shortened(extent) : extent),
    smallest: finest(asked.limit),
    signal: context.signal,
    onSample: (done: number, of: number) => context.progress(`sample ${done} of ${of}`),
  };
  const plan = planLeak({ ...sampling, iterate: work });
  const onCourse = keepCourse({ ...asked, ofTarget: target !== undefined }, context);
  return measureGrowth({ work, options: sampling, plan, probe, began, onCourse });
}

async function maybeIdle<State>(
  { idle }: WrittenLeak<State>,
  probe: Probe,
  context: RoundContext,
): Promise<IdleGrowth | undefined> {
  if (idle === undefined) return undefined;
  context.progress('idle');
  return measureIdle(probe.read, context.short ? '1s' : idle, context.signal);
}

/** Where most requests failed, nothing follows about those that do not. */
function failures(counts: HttpCounts | undefined): Warning[] {
  if (counts === undefined) return [];
  const { completed, refused, unanswered, lastError } = counts;
  const failed = refused + unanswered;
  if (failed === 0) return [];
  const cause = lastError === undefined ? '' : `; the last one without an answer: ${lastError}`;
  const answered = refused === 0 ? '' : ` (${refused} answered with 400 or more)`;
  const message = `${failed} of ${failed + completed} requests failed${answered}${cause}`;
  if (failed <= completed) return [{ code: 'failed-requests', message }];
  const remedies = ['Make the requests succeed: an answer below 400 to more than half of them.'];
  return [{ code: 'failed-requests', message, forbids: 'verdict', remedies }];
}

function withWarnings(
  measurements: readonly RoundMeasurement[],
  more: readonly Warning[],
): readonly RoundMeasurement[] {
  const [growth, ...others] = measurements;
  return [{ ...growth!, warnings: [...(growth!.warnings ?? []), ...more] }, ...others];
}
