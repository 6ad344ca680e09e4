import { basename, resolve } from 'node:path';
import { ExitCode, PerfError, messageOf } from '@perfkeel/core';
import { ciReportVersion, mergeCiReports, type CiPart } from '@perfkeel/report';
import { readArtifact } from '../ci/read-artifact.ts';
import { exitCodeOfReport, writeOutputs } from '../ci/write-outputs.ts';
import { renderError } from '../error-report.ts';
import type { Io } from '../io.ts';
import { readVersion } from '../version.ts';

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
  for (const folder of folders) parts.push(...(await readPart(folder, options, io)));
  const report = mergeCiReports(parts);
  const out = resolve(io.cwd, options.out ?? 'perf-out');
  await writeOutputs(report, { out, sarif: options.sarif, scope: options.scope }, io);
  const code = exitCodeOfReport(report, options.allowInconclusive);
  io.stderr.write(`${report.projects.length} projects of ${parts.length} jobs: exit code ${code}\n`);
  return code;
}

/** A job that left nothing, or nothing that can be read, has not measured: a row of the report, never a gap in it. */
async function readPart(folder: string, options: MergeOptions, io: Io): Promise<readonly CiPart[]> {
  try {
    return await readArtifact(resolve(io.cwd, folder));
  } catch (error) {
    io.stderr.write(renderError(error, io, options.verbose ?? false));
    return [{ name: basename(folder), report: missing(basename(folder), error) }];
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
