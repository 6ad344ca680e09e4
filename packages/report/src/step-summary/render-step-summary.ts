import type { CiReport } from '../pull-request/ci-report.ts';
import { renderPullRequest } from '../pull-request/render-pull-request.ts';

/** GitHub drops a whole summary above 1 MiB, and other steps of the job may want some of it. */
export const stepSummaryBudget = 900_000;

const encoder = new TextEncoder();

/** The text for the summary of a job: that of the pull request, with room for more rows. At most 900 000 bytes. */
export const renderStepSummary = (report: CiReport, budget = stepSummaryBudget): string =>
  renderPullRequest(report, { budget, sizeOf: (text) => encoder.encode(text).length });
