import { join, resolve } from 'node:path';
import { budgetOption, encodeRun } from '@perfkeel/baseline';
import {
  ExitCode,
  PerfError,
  joinKinds,
  parseDuration,
  serialiseError,
  usageError,
  type Report,
  type Run,
} from '@perfkeel/core';
import { ciReportVersion, summariseReport, type CiProject, type CiReport, type CiSelection } from '@perfkeel/report';
import { withChoices } from '../affected/run-affected.ts';
import { brokenProject, failureOf } from '../ci/broken-project.ts';
import { chooseCiBase, type CiBase } from '../ci/choose-ci-base.ts';
import { readEvent } from '../ci/event.ts';
import { findToplevel, headFacts, resolveBase, type FoundBase } from '../ci/git-facts.ts';
import { fileNames, planCi, type CiWork } from '../ci/plan-ci.ts';
import { SharedBudget, writtenMs } from '../ci/shared-budget.ts';
import { Stopping } from '../ci/stopping.ts';
import { exitCodeOfReport, writeAll, writeOutputs } from '../ci/write-outputs.ts';
import { renderError } from '../error-report.ts';
import { plain, type Io } from '../io.ts';
import { readVersion } from '../version.ts';
import { compareSidesCommand, refuseBadNumbers } from './compare-sides.ts';

export interface CiOptions {
  readonly dir?: string;
  readonly base?: string;
  readonly out?: string;
  readonly project?: readonly string[];
  readonly all?: boolean;
  readonly budget?: string;
  readonly rounds?: number;
  readonly calibrate?: boolean;
  readonly sarif?: boolean;
  readonly leg?: string;
  readonly scope?: string;
  readonly strict?: boolean;
  readonly allowInconclusive?: boolean;
  readonly verbose?: boolean;
}

interface Told {
  readonly options: CiOptions;
  readonly io: Io;
  readonly toplevel: string;
  readonly happened: CiBase;
  readonly base: FoundBase;
  readonly budget: SharedBudget;
  /** Whether several projects share it. */
  readonly shared: boolean;
  readonly out: string;
  readonly selection: CiSelection | undefined;
  readonly stopping: Stopping;
}

const defaultBudget = '10m';

/** `perfkeel ci`: compares every project of the repository with the right base, and writes files. Returns the exit code. */
export async function ciCommand(options: CiOptions, io: Io): Promise<number> {
  refuseMistakes(options);
  const folder = resolve(io.cwd, options.dir ?? '.');
  const toplevel = await findToplevel(folder);
  const head = await headFacts(toplevel);
  const happened = chooseCiBase(io.env, await readEvent(io.env['GITHUB_EVENT_PATH']), head, options.base);
  const base = await resolveBase(toplevel, happened.candidates, head);
  io.stderr.write(
    `${happened.host} ${happened.event}: comparing ${head.sha.slice(0, 7)} with ${base.sha.slice(0, 7)}, `,
  );
  io.stderr.write(`${base.why}\n`);
  const { work, skipped, notes, selection } = await planCi(
    { toplevel, base: base.sha, wanted: options.project ?? [], all: options.all ?? happened.event === 'schedule' },
    io,
  );
  for (const { project, why } of skipped) io.stderr.write(`${plain(`skip     ${project}: ${why}`)}\n`);
  const out = resolve(io.cwd, options.out ?? 'perf-out');
  const budget = new SharedBudget(parseDuration(options.budget ?? defaultBudget) / 1e6);
  const projects = await compareAll(work, {
    ...{ options, io, toplevel, happened, base, budget, out, selection, shared: work.length > 1 },
    stopping: new Stopping(io),
  });
  const spent = spentNote(work, budget, options);
  const report: CiReport = {
    schemaVersion: ciReportVersion,
    tool: `perfkeel ${readVersion()}`,
    event: happened.event,
    base: { label: [base.branch, base.sha.slice(0, 7)].filter(Boolean).join(' '), sha: base.sha, why: base.why },
    head: { label: head.sha.slice(0, 7), sha: head.sha },
    projects,
    skipped,
    ...(selection === undefined ? {} : { selection }),
    notes: [...notes, ...leftOut(work, projects), ...spent],
  };
  await writeOutputs(report, { out, sarif: options.sarif, scope: options.scope }, io);
  const code = exitCodeOfReport(report, options.allowInconclusive);
  for (const note of spent) io.stderr.write(`${note}\n`);
  io.stderr.write(closing(report, code));
  return code;
}

/** What an interruption left out is neither measured nor skipped. */
function leftOut(work: readonly CiWork[], projects: readonly CiProject[]): readonly string[] {
  const names = work.slice(projects.length).map(({ project }) => project.name);
  return names.length === 0 ? [] : [`Interrupted before these were measured: ${names.join(', ')}.`];
}

/** What all projects together need is known when all are measured. */
function spentNote(work: readonly CiWork[], budget: SharedBudget, options: CiOptions): readonly string[] {
  const enoughMs = budget.enoughMs();
  if (enoughMs === undefined || work.length < 2) return [];
  const given = options.budget ?? defaultBudget;
  return [
    `The budget of ${given} for all projects was spent: --budget ${budgetOption(enoughMs)} would be about enough.`,
  ];
}

async function compareAll(work: readonly CiWork[], told: Told): Promise<readonly CiProject[]> {
  const names = fileNames(work);
  const projects: CiProject[] = [];
  for (const [done, each] of work.entries()) {
    const budget = writtenMs(told.budget.shareMs(work.length - done));
    const project = await compareOne(each, { name: names.get(each)!, budget }, told);
    projects.push(project);
    if (project.exitCode === ExitCode.Interrupted) break;
  }
  return projects;
}

/** A project that cannot be compared is one row of the report; the others are measured all the same. */
async function compareOne(
  work: CiWork,
  { name, budget }: { readonly name: string; readonly budget: string },
  told: Told,
): Promise<CiProject> {
  const { options, io, toplevel, base, out, happened, stopping } = told;
  const { folder, why } = work;
  let report: Report | undefined;
  const summarised = (finished: Report, exitCode: number): CiProject =>
    summariseReport(finished, { folder, exitCode, toplevel, why, leg: options.leg });
  const lines = [`project  ${work.project.name}`, ...work.why.map((why) => `run      ${why}`)];
  io.stderr.write(`\n${plain(lines.join('\n'))}\n`);
  try {
    if (stopping.asked) throw interrupted();
    const settings = {
      dir: work.project.root,
      against: base.sha,
      budget: told.shared ? budget : (options.budget ?? defaultBudget),
      sharedBudget: told.shared,
      calibrate: options.calibrate ?? happened.event === 'schedule',
      strict: options.strict ?? false,
      verbose: options.verbose ?? false,
      ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
      ...(base.branch === undefined ? {} : { branch: base.branch }),
      onReport: (finished: Report, measuredMs: number, neededMs: number | undefined) => {
        report = finished;
        told.budget.spend(measuredMs, neededMs);
      },
    };
    const exitCode = await stopping.during(io, (own) => compareSidesCommand(work.files, settings, own));
    if (!report) throw interrupted();
    const run = withSelection(report.run, work.project.name, told.selection);
    await writeAll({ [join(out, 'runs', name, 'run.json')]: encodeRun(run) });
    return summarised(report, exitCode);
  } catch (error) {
    io.stderr.write(renderError(error, io, options.verbose ?? false));
    if (report === undefined) told.budget.spend(0);
    // What was measured before something went wrong, as on a full disk, stays in the report.
    return report === undefined
      ? brokenProject(
          { project: work.project.name, folder, why, ...(options.leg === undefined ? {} : { leg: options.leg }) },
          error,
        )
      : withFailure(summarised(report, exitCodeOfError(error)), error);
  }
}

/** Its own perf files: what was skipped is not gone. */
function withSelection(run: Run, name: string, selection: CiSelection | undefined): Run {
  if (selection === undefined) return run;
  const own = selection.choices.filter(({ project }) => project === name);
  return withChoices(
    run,
    own.map(({ file, decision, why }) => ({ file, decision, why })),
  );
}

const interrupted = (): PerfError =>
  new PerfError('interrupted', { code: 'interrupted', exitCode: ExitCode.Interrupted });

const exitCodeOfError = (error: unknown): number => serialiseError(error).exitCode;

const withFailure = (project: CiProject, error: unknown): CiProject => ({
  ...project,
  verdict: joinKinds(project.verdict, 'could-not-measure'),
  failures: [...project.failures, failureOf(error)],
});

function closing({ projects, skipped }: CiReport, code: number): string {
  if (projects.length === 0 && skipped.length > 0) return 'nothing was affected: nothing had to be measured\n';
  if (projects.length === 0) return 'nothing ran: no project of this repository has perf files\n';
  if (code === 0 && projects.every(({ rows }) => rows.length === 0)) {
    return 'nothing to compare with yet: what is here is not in base\n';
  }
  const measured = projects.some(({ rows }) => rows.some(({ rounds }) => rounds > 0));
  const alike = projects.every(({ verdict }) => verdict === 'pass');
  if (measured || !alike || code !== 0) return `exit code ${code}\n`;
  return 'nothing was affected: both sides execute the same, so nothing had to be measured\n';
}

/** What is wrong is said once and at the beginning, and not for each project. */
function refuseMistakes({ strict, allowInconclusive, budget, rounds }: CiOptions): void {
  parseDuration(budget ?? defaultBudget);
  refuseBadNumbers({ ...(rounds === undefined ? {} : { rounds }) });
  if (!strict || !allowInconclusive) return;
  throw usageError('--strict and --allow-inconclusive contradict each other', {
    code: 'bad-option',
    hint: 'Leave one of them out.',
  });
}
