import { ExitCode, PerfError, messageOf } from '@perfkeel/core';
import { ciReportVersion, type CiReport } from '@perfkeel/report';
import { readVersion } from '../version.ts';

/** The report of a job that left none, or none that can be read: it has not measured, and that is a row. */
export const gapReport = (name: string, error: unknown): CiReport => ({
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
