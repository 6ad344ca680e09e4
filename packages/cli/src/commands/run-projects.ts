import { extname, relative } from 'node:path';
import { ExitCode, usageError, type Report } from '@perfkeel/core';
import type { ChosenProject } from '../affected/choose-projects.ts';
import { failureOf } from '../ci/broken-project.ts';
import { fileNames } from '../ci/plan-ci.ts';
import { Stopping } from '../ci/stopping.ts';
import { worstExitCode } from '../ci/write-outputs.ts';
import { reportError } from '../error-report.ts';
import { oneLine, type Io } from '../io.ts';
import { folderOption } from './folder-option.ts';
import { reportersOf, type Reporter } from './reporters.ts';
import type { RunOptions } from './run.ts';

/** Measures one project and returns its exit code. */
export type RunOne = (filters: readonly string[], options: RunOptions, io: Io) => Promise<number>;

interface Ended {
  readonly chosen: ChosenProject;
  readonly exitCode: number;
  /** Absent where nothing was affected, or something went wrong before there was one. */
  readonly report?: Report | undefined;
  readonly problem?: unknown;
  /** What it printed on stdout, where that is part of something larger. */
  readonly printed: string;
}

/**
 * `perfkeel run` for several projects: each is measured, judged, kept and shown by itself, as `-C` would, one after the
 * other. One that cannot be measured does not stop the others. Returns the worst exit code.
 */
export async function runProjects(
  chosen: readonly ChosenProject[],
  options: RunOptions,
  runOne: RunOne,
  io: Io,
): Promise<number> {
  const printed = reportersOf(options, io);
  const asJson = refuseMixed(printed);
  const names = fileNames(chosen);
  const stopping = new Stopping(io);
  const isRead = printed.some(({ name, file }) => file === undefined && (name === 'terminal' || name === 'plain'));
  const ended: Ended[] = [];
  for (const each of chosen) {
    if (stopping.asked) break;
    const own = {
      ...options,
      json: false,
      reporter: reportersFor(printed, names.get(each)!, io),
      dir: each.project.root,
    };
    if (isRead && ended.length > 0) io.stdout.write('\n');
    io.stderr.write(`\nproject  ${oneLine(each.project.name)}\n`);
    const one = await stopping.during(io, (heard) => endOf(each, own, runOne, asJson ? silent(heard) : heard));
    ended.push(one);
    if (one.exitCode === ExitCode.Interrupted) break;
  }
  const left = chosen.slice(ended.length);
  const code = worstExitCode([...ended.map(({ exitCode }) => exitCode), ...left.map(() => ExitCode.Interrupted)]);
  if (asJson) io.stdout.write(jsonOf(ended, code));
  (isRead ? io.stdout : io.stderr).write(summaryText(ended, left, code, io));
  return code;
}

interface Collecting extends Io {
  readonly printed?: () => string;
}

function silent(io: Io): Collecting {
  let text = '';
  return { ...io, stdout: { write: (more) => void (text += more) }, printed: () => text };
}

async function endOf(chosen: ChosenProject, options: RunOptions, runOne: RunOne, io: Collecting): Promise<Ended> {
  let report: Report | undefined;
  const onReport = (finished: Report): void => void (report = finished);
  try {
    const exitCode = await runOne(chosen.filters, { ...options, onReport }, io);
    return { chosen, exitCode, report, printed: io.printed?.() ?? '' };
  } catch (problem) {
    const exitCode = reportError(problem, io, options.verbose ?? false);
    return { chosen, exitCode, report, problem, printed: '' };
  }
}

/** Several of these are no document together: whether they are JSON, which can be joined. */
function refuseMixed(reporters: readonly Reporter[]): boolean {
  const [whole] = reporters.filter(({ name, file }) => file === undefined && ['junit', 'html'].includes(name));
  if (whole !== undefined) {
    throw usageError(`${whole.name} of several projects is no single document`, {
      code: 'bad-option',
      hint: `Write ${whole.name}=FILE: each project gets a file of its own; or name one with --project.`,
    });
  }
  return reporters.some(({ name, file }) => name === 'json' && file === undefined);
}

/** `report.html` becomes `report.packages-api.html`: nobody overwrites what another project wrote. */
const reportersFor = (reporters: readonly Reporter[], project: string, { cwd }: Io): readonly string[] =>
  reporters.map(({ name, file }) => {
    if (file === undefined) return name;
    // As a user writes it: a folder above may have the comma that separates reporters.
    const written = relative(cwd, file);
    const extension = extname(written);
    return `${name}=${written.slice(0, written.length - extension.length)}.${project}${extension}`;
  });

/** The same as text: what each printed is JSON already. */
function jsonOf(ended: readonly Ended[], exitCode: number): string {
  const projects = ended.map(({ chosen: { project, folder }, exitCode, problem, printed }) => {
    const head = JSON.stringify({
      ...{ project: project.name, folder, exitCode },
      ...(problem === undefined ? {} : { failure: failureOf(problem) }),
    });
    return printed === '' ? head : `${head.slice(0, -1)},"report":${printed.trimEnd()}}`;
  });
  return `{"schemaVersion":1,"exitCode":${exitCode},"projects":[\n${projects.join(',\n')}\n]}\n`;
}

/** A line for each project with the command that shows its results, and how it ended in all. */
function summaryText(ended: readonly Ended[], left: readonly ChosenProject[], code: number, io: Io): string {
  const rows = [
    ...ended.map((one) => [wordOf(one), one.chosen, one.report && 'perfkeel report'] as const),
    ...left.map((chosen) => ['not measured', chosen, undefined] as const),
  ];
  const words = Math.max(...rows.map(([word]) => word.length));
  const names = Math.max(...rows.map(([, { project }]) => oneLine(project.name).length));
  const lines = rows.map(([word, { project }, command]) => {
    const look = command === undefined ? '' : command + folderOption(project.root, io);
    return `  ${word.padEnd(words)}  ${oneLine(project.name).padEnd(names)}  ${look}`.trimEnd();
  });
  return `\n${rows.length} projects, exit code ${code}\n${lines.join('\n')}\n`;
}

function wordOf({ report, problem, exitCode }: Ended): string {
  if (exitCode === ExitCode.Interrupted) return 'interrupted';
  if (problem !== undefined) return exitCode === ExitCode.Usage ? 'not measured: a mistake' : 'could not measure';
  if (report === undefined) return 'not affected';
  return exitCode === ExitCode.Ok ? report.run.verdict.kind : (words[exitCode] ?? `exit code ${exitCode}`);
}

const words: Readonly<Record<number, string>> = {
  [ExitCode.Failed]: 'fail',
  [ExitCode.Usage]: 'a mistake',
  [ExitCode.Inconclusive]: 'inconclusive',
  [ExitCode.CouldNotMeasure]: 'could not measure',
};
