import { appendFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExitCode, messageOf, type PerfError } from '@perfkeel/core';
import {
  encodeCiReport,
  renderAnnotations,
  renderJunit,
  renderPullRequest,
  renderSarif,
  renderStepSummary,
  stepSummaryBudget,
  type CiReport,
} from '@perfkeel/report';
import type { Io } from '../io.ts';
import { makeFolder } from '../make-folder.ts';
import { cannotWrite } from '../write-out.ts';

export interface OutputOptions {
  /** Absolute. */
  readonly out: string;
  readonly sarif?: boolean | undefined;
  readonly scope?: string | undefined;
}

/** Writes every file of a CI report, marks lines and appends to the summary of the job where the host has those. */
export async function writeOutputs(report: CiReport, options: OutputOptions, io: Io): Promise<void> {
  const { out } = options;
  const files = {
    [join(out, 'comparison.json')]: encodeCiReport(report),
    [join(out, 'report.md')]: renderPullRequest(report, { scope: options.scope }),
    [join(out, 'junit.xml')]: renderJunit(report),
    ...(options.sarif ? { [join(out, 'perf.sarif')]: renderSarif(report) } : {}),
  };
  // A full disk does not hide what the host can show by itself.
  const written = await Promise.allSettled([writeAll(files)]);
  if (io.env['GITHUB_ACTIONS'] === 'true') io.stdout.write(renderAnnotations(report));
  await appendSummary(report, io);
  for (const one of written) if (one.status === 'rejected') throw one.reason;
}

/** Writes what can be written. @throws PerfError `not-writable` (exit code 4) for the first file that cannot. */
export async function writeAll(files: Readonly<Record<string, string>>): Promise<void> {
  const problems: PerfError[] = [];
  for (const [file, text] of Object.entries(files)) {
    try {
      makeFolder(dirname(file));
      await writeFile(file, text);
    } catch (error) {
      problems.push(cannotWrite(file, error, 'Name a folder that you may write: --out <folder>.'));
    }
  }
  if (problems.length > 0) throw problems[0]!;
}

const mebibyte = 2 ** 20;

/** A summary that cannot be written, or for which earlier steps left no room, changes no verdict. */
async function appendSummary(report: CiReport, io: Io): Promise<void> {
  const file = io.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return;
  try {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    const budget = Math.min(stepSummaryBudget, mebibyte - size - 1000);
    if (budget < 1000) throw new Error('earlier steps have filled it');
    await appendFile(file, renderStepSummary(report, budget));
  } catch (error) {
    io.stderr.write(`warning  no summary of the job: ${messageOf(error)}\n`);
  }
}

/** The worst exit code of all projects, the most broken first. */
export function worstExitCode(codes: readonly number[]): number {
  const order = [
    ExitCode.Interrupted,
    ExitCode.CouldNotMeasure,
    ExitCode.Usage,
    ExitCode.Failed,
    ExitCode.Inconclusive,
  ] as const;
  return order.find((code) => codes.includes(code)) ?? ExitCode.Ok;
}

/** The exit code of a report: nothing at all is green only when nothing was affected. */
export function exitCodeOfReport({ projects, skipped }: CiReport, allowInconclusive = false): number {
  if (projects.length === 0) return skipped.length > 0 ? ExitCode.Ok : ExitCode.CouldNotMeasure;
  const code = worstExitCode(projects.map((project) => project.exitCode));
  return code === ExitCode.Inconclusive && allowInconclusive ? ExitCode.Ok : code;
}
