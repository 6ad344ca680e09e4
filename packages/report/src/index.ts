export { renderHtml, type HtmlOptions } from './html/render-html.ts';
export { renderJson } from './json/render-json.ts';
export { escapeMarkdown } from './markdown/escape.ts';
export { markdownBudget, renderMarkdown, type MarkdownOptions } from './markdown/render-markdown.ts';
export { summaryLine } from './summary-line.ts';
export { trendPlot, type Regime, type TrendChange, type TrendPlot } from './svg/trend-plot.ts';
export { toAscii } from './terminal/glyphs.ts';
export { renderTerminal } from './terminal/render-terminal.ts';
export { type TerminalOptions } from './terminal/terminal.ts';
export { bindFigures, truncateMiddle, visibleWidth } from './terminal/text-width.ts';
export { renderTrendTable, renderTrends, type TrendRow } from './terminal/trend-rows.ts';
export { renderJunit } from './junit/render-junit.ts';
export {
  ciReportVersion,
  type CiAcceptance,
  type CiEffect,
  type CiFailure,
  type CiKept,
  type CiObjective,
  type CiPlace,
  type CiProject,
  type CiReport,
  type CiRow,
  type CiSide,
  type CiSelection,
  type CiSkipped,
} from './pull-request/ci-report.ts';
export { isNews } from './pull-request/rank-rows.ts';
export {
  pullRequestBudget,
  pullRequestMarker,
  renderPullRequest,
  type PullRequestOptions,
} from './pull-request/render-pull-request.ts';
export { summariseReport, type SummariseOptions } from './pull-request/summarise-report.ts';
export { renderSarif } from './sarif/render-sarif.ts';
export { renderAnnotations } from './step-summary/render-annotations.ts';
export { renderStepSummary, stepSummaryBudget } from './step-summary/render-step-summary.ts';
export { encodeCiReport, parseCiReport } from './pull-request/parse-ci-report.ts';
export { mergeCiReports, type CiPart } from './pull-request/merge-ci-reports.ts';
export { dashboardSite, type DashboardSite } from './dashboard/dashboard-site.ts';
export type {
  DashboardEnvironment,
  DashboardFacts,
  DashboardPage,
  DashboardSeries,
} from './dashboard/dashboard-series.ts';
