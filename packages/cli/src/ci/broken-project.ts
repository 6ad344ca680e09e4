import { serialiseError } from '@perfkeel/core';
import type { CiProject } from '@perfkeel/report';

/** What was thrown, as reports tell it. */
export function failureOf(error: unknown): CiProject['failures'][number] {
  const { code, message } = serialiseError(error);
  return { code, message };
}

/** A project of which nothing was measured: that is a row of the report, never a gap in it. */
export const brokenProject = (
  named: Pick<CiProject, 'project' | 'folder' | 'why' | 'leg'>,
  error: unknown,
  exitCode: number = serialiseError(error).exitCode,
): CiProject => ({
  ...named,
  verdict: 'could-not-measure',
  exitCode,
  ...{ rows: [], objectives: [], warnings: [], environment: [] },
  failures: [failureOf(error)],
});
