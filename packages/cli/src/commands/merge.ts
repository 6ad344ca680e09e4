import { basename, relative, resolve, sep } from 'node:path';
import { PerfError } from '@perfkeel/core';
import { mergeCiReports, type CiPart } from '@perfkeel/report';
import { gapReport } from '../ci/gap-report.ts';
import { readArtifact } from '../ci/read-artifact.ts';
import { exitCodeOfReport, writeOutputs } from '../ci/write-outputs.ts';
import { renderError } from '../error-report.ts';
import type { Io } from '../io.ts';
import { counted } from './counted.ts';

export interface MergeOptions {
  readonly out?: string;
  readonly sarif?: boolean;
  readonly scope?: string;
  readonly allowInconclusive?: boolean;
  readonly verbose?: boolean;
}

/** `perfkeel merge <folders...>`: one report of many jobs. Returns the worst of their exit codes. */
export async function mergeCommand(folders: readonly string[], options: MergeOptions, io: Io): Promise<number> {
  const jobs = named(folders, io.cwd);
  const [parts, gaps]: [CiPart[], CiPart[]] = [[], []];
  // A job that left nothing, or nothing that can be read, has not measured: a row of the report, never a gap in it.
  const leaveGap = (name: string, error: unknown): void => {
    io.stderr.write(renderError(error, io, options.verbose ?? false));
    gaps.push(missing(name, error));
  };
  for (const [folder, name] of jobs) {
    await readPart(folder, name).then(
      (found) => parts.push(...found),
      (error: unknown) => leaveGap(name, error),
    );
  }
  const stale = commitsApart(parts);
  if (stale !== undefined) leaveGap('merge', stale);
  const report = mergeCiReports([...parts, ...gaps]);
  const out = resolve(io.cwd, options.out ?? 'perf-out');
  await writeOutputs(report, { out, sarif: options.sarif, scope: options.scope }, io);
  const code = exitCodeOfReport(report, options.allowInconclusive);
  const projects = counted(report.projects.length - gaps.length, 'project');
  io.stderr.write(`${projects} of ${counted(jobs.size, 'job')}: exit code ${code}\n`);
  return code;
}

/** Each folder once, with a name of its own: of `a/perf-out b/perf-out` the last part is the same. */
function named(folders: readonly string[], cwd: string): ReadonlyMap<string, string> {
  const all = [...new Set(folders.map((folder) => resolve(cwd, folder)))];
  const unique = new Set(all.map((folder) => basename(folder))).size === all.length;
  return new Map(all.map((folder) => [folder, unique ? basename(folder) : relative(cwd, folder).split(sep).join('/')]));
}

async function readPart(folder: string, name: string): Promise<readonly CiPart[]> {
  const parts = await readArtifact(folder);
  return parts.map((part) => (part.name === basename(folder) ? { ...part, name: name.slice(0, 100) } : part));
}

/** What a job measured of another commit, as the folder of an earlier run holds it, says nothing of this one. */
function commitsApart(parts: readonly CiPart[]): PerfError | undefined {
  const jobs = new Map<string, string[]>();
  for (const { name, report } of parts) {
    const sha = report.head?.sha?.slice(0, 7);
    if (sha !== undefined) jobs.set(sha, [...(jobs.get(sha) ?? []), name]);
  }
  if (jobs.size < 2) return undefined;
  const told = [...jobs].map(([sha, names]) => `${sha} (${names.join(', ')})`).join(' and ');
  return new PerfError(`the jobs measured different commits: ${told}`, {
    code: 'different-commits',
    hint: 'Remove what an earlier run has left, and run the other jobs again.',
  });
}

const missing = (name: string, error: unknown): CiPart => ({ name, report: gapReport(name.slice(0, 100), error) });
