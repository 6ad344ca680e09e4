export { compareRuns } from './compare/compare-runs.ts';
export { compareSides, type SidesInput, type SidesReport } from './compare/compare-sides.ts';
export { budgetOption, type SpentBudget } from './compare/spent-budget.ts';
export { defaultPlan, type ComparisonPlan, type Stage } from './compare/comparison-plan.ts';
export { judgeLook, type LookRuns, type LookVerdict } from './compare/judge-look.ts';
export { defaultPolicy, type ChangeLimits, type ComparisonPolicy, type LimitRule } from './compare/policy.ts';
export type { RunPair } from './compare/side-gates.ts';
export type {
  AcceptedChange,
  Cause,
  ChangeNews,
  ChangePoint,
  CommitPlace,
  Creep,
  Drift,
  ExplainedChange,
  HistoryPoint,
  Limit,
  Milestone,
  Prediction,
  SeriesKey,
  TrendNote,
} from '@perfkeel/core';
export {
  analyseHistory,
  historyCompany,
  type HistoryOptions,
  type HistoryReport,
  type SeriesTrend,
} from './history/analyse-history.ts';
export type { Anomaly } from './history/anomalies.ts';
export { joinCompanies, type Company } from './history/company.ts';
export { collectHistory, type CollectOptions } from './history/collect-history.ts';
export { readHistory, type ReadHistoryOptions } from './history/read-history.ts';
export type { EnvironmentEra } from './history/environments.ts';
export { findChanges, type ChangeOptions, type Changes } from './history/find-changes.ts';
export { forecastCrossing, predict, type Forecast } from './history/forecast.ts';
export type {
  EarlierVersion,
  EnvironmentFacts,
  History,
  HistorySeries,
  ProjectInventory,
  RunPlace,
} from './history/history-series.ts';
export { encodeHistory, historyVersion } from './history/history-json.ts';
export { describeTrend, seriesTitle } from './history/trend-words.ts';
export type { Noise } from './history/noise.ts';
export type { Segment } from './history/segment-history.ts';
export { exportFormats, exportRun } from './exchange/export/export-run.ts';
export type { ExportOptions } from './exchange/export/run-values.ts';
export type { ImportOptions } from './exchange/foreign.ts';
export { importFormats, importRuns, type ImportedRuns } from './exchange/import-runs.ts';
export { joinRounds } from './exchange/join-rounds.ts';
export { unknownFormat } from './exchange/unknown-format.ts';
export type { BaselineVersion } from './store/baseline-record.ts';
export type { Baseline, BaselineHistory, Baselines, SetBaselineOptions } from './store/baselines.ts';
export { folderLog, type FolderLogOptions } from './store/folder-log.ts';
export { gitLog, type GitLog, type GitLogOptions } from './store/git/git-log.ts';
export { memoryLog } from './store/memory-log.ts';
export { objectLogContract, type ContractCase } from './store/object-log-contract.ts';
export type { ObjectLog } from './store/object-log.ts';
export type { MarkOptions, Pin, Pins } from './store/retention/pins.ts';
export type { KeptRun, Pruned, PruneOptions, Retention } from './store/retention/prune.ts';
export type { StoreFindings } from './store/verify.ts';
export { isRemoteStore, openLog, openRunStore, type StorePlace } from './store/open-run-store.ts';
export { postgresLog, type PostgresLogOptions } from './store/postgres/postgres-log.ts';
export { s3Log, type S3LogOptions } from './store/s3/s3-log.ts';
export {
  chooseBaseline,
  type BaselineRule,
  type ChooseBaselineOptions,
  type ChosenBaseline,
} from './store/choose-baseline.ts';
export { inNamesOf } from './store/in-names-of.ts';
export { renameInRun } from './store/rename-in-run.ts';
export { decodeRun, encodeRun } from './store/run-json.ts';
export type { RunRecords } from './store/run-records.ts';
export { runStore, type RunStore, type RunStoreOptions } from './store/run-store.ts';
export type { RunSummary } from './store/run-summary.ts';
export type { RunSeries, SeriesPoint, SeriesQuery, StoredSeries } from './store/index/run-series.ts';
export { followRenames, type CurrentName, type Rename, type RenameOptions, type Renames } from './store/renames.ts';
export { decodeAcceptance, encodeAcceptance, isDay, type Acceptance } from './acceptance/acceptance.ts';
export { describeMax, parseMax, type AcceptedSize } from './acceptance/accepted-size.ts';
export { applyAcceptances } from './acceptance/apply-acceptances.ts';
export { epochsOf, type Epoch } from './acceptance/epochs.ts';
export { literalPattern, matchesPattern, type Series } from './acceptance/match-pattern.ts';
