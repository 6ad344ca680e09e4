import { basename, relative, resolve, sep } from 'node:path';
import { ExitCode, PerfError, messageOf } from '@perfkeel/core';
import { ciReportVersion, mergeCiReports, type CiPart } from '@perfkeel/report';
import { readArtifact } from '../ci/read-artifact.ts';
import { exitCodeOfReport, writeOutputs } from '../ci/write-outputs.ts';
import { renderError } from '../error-report.ts';
import type { Io } from '../io.ts';
import { readVersion } from '../version.ts';
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
  const parts: CiPart[] = [];
  for (const [folder, name] of named(folders, io.cwd)) parts.push(...(await readPart(folder, name, options, io)));
  const report = mergeCiReports(parts);
  const out = resolve(io.cwd, options.out ?? 'perf-out');
  await writeOutputs(report, { out, sarif: options.sarif, scope: options.scope }, io);
  const code = exitCodeOfReport(report, options.allowInconclusive);
  const [projects, jobs] = [counted(report.projects.length, 'project'), counted(parts.length, 'job')];
  io.stderr.write(`${projects} of ${jobs}: exit code ${code}\n`);
  return code;
}

/** Each folder once, with a name of its own: of `a/perf-out b/perf-out` the last part is the same. */
function named(folders: readonly string[], cwd: string): ReadonlyMap<string, string> {
  const all = [...new Set(folders.map((folder) => resolve(cwd, folder)))];
  const unique = new Set(all.map((folder) => basename(folder))).size === all.length;
  return new Map(all.map((folder) => [folder, unique ? basename(folder) : relative(cwd, folder).split(sep).join('/')]));
}

/** A job that left nothing, or nothing that can be read, has not measured: a row of the report, never a gap in it. */
async function readPart(folder: string, name: string, options: MergeOptions, io: Io): Promise<readonly CiPart[]> {
  try {
    const parts = await readArtifact(folder);
    return parts.map((part) => (part.name === basename(folder) ? { ...part, name: name.slice(0, 100) } : part));
  } catch (error) {
    io.stderr.write(renderError(error, io, options.verbose ?? false));
    return [{ name, report: missing(name.slice(0, 100), error) }];
  }
}

const missing = (name: string, error: unknown): CiPart['report'] => ({
  schemaVersion: ciReportVersion,
  tool: `perfkeel ${readVersion()}`,
  event: 'local',
  projects: [
    {
      project: name,
      folder: '',
      why: [],
      verdict: 'could-not-measure',
      exitCode: ExitCode.CouldNotMeasure,
      ...{ rows: [], objectives: [], warnings: [], environment: [] },
      failures: [{ code: error instanceof PerfError ? error.code : 'threw', message: messageOf(error) }],
    },
  ],
  skipped: [],
  notes: [],
});
