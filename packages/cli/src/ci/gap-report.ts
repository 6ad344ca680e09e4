import { ExitCode } from '@perfkeel/core';
import { ciReportVersion, type CiReport } from '@perfkeel/report';
import { readVersion } from '../version.ts';
import { brokenProject } from './broken-project.ts';

/** The report of a job that left none, or none that can be read: it has not measured, and that is a row. */
export const gapReport = (name: string, error: unknown): CiReport => ({
  schemaVersion: ciReportVersion,
  tool: `perfkeel ${readVersion()}`,
  event: 'local',
  projects: [brokenProject({ project: name, folder: '', why: [] }, error, ExitCode.CouldNotMeasure)],
  skipped: [],
  notes: [],
});
