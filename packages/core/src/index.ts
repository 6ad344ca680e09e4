export { defineConfig, type CompareConfig, type CompareRule, type PerfConfig } from './config.ts';
export { badOption, optionsObject } from './bad-option.ts';
export { callSite, locating, stackLocations } from './call-site.ts';
export { mostRounds } from './check-declaration.ts';
export {
  commonParts,
  declarations,
  declare,
  withdraw,
  type Clock,
  type CommonOptions,
  type Declaration,
  type Instrument,
  type RoundContext,
} from './declaration.ts';
export { distributionOf, type Distribution } from './distribution.ts';
export {
  ExitCode,
  PerfError,
  messageOf,
  reviveError,
  serialiseError,
  usageError,
  type PerfErrorOptions,
  type SerialisedError,
  type SourceLocation,
} from './errors.ts';
export type { Estimate } from './estimate.ts';
export { EventReader, type EventLimit } from './event-reader.ts';
export type { Finding, FindingStatus, Fitness } from './fitness.ts';
export { defaultErrorObjective, fewErrorObjective, withErrorObjective } from './error-objective.ts';
export { isObject, type JsonObject } from './json.ts';
export { collectionMark, longCollections, longestOf, type LongCollection } from './long-collection.ts';
export type { Tokenizer } from './tokenizer.ts';
export { formatChange, formatDifference, formatMinutes, formatNumber, formatQuantity } from './format.ts';
export { createHistogram, type Histogram, type HistogramData } from './histogram.ts';
export { cellCount, cellOf, highestOf, highestValue, lowestOf } from './histogram-layout.ts';
export type {
  AcceptedChange,
  Cause,
  ChangeNews,
  ChangePoint,
  ChangingSeries,
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
} from './history-shapes.ts';
export { judgeBenchmark, judgeEstimate, judgeObjective, strictTolerance, type Tolerance } from './judge.ts';
export type { Measurement, MeasurementData, RoundMeasurement, RoundResult } from './measurement.ts';
export { type MemoryObjective } from './memory-metrics.ts';
export { metrics, type Better, type Metric, type MetricPart } from './metric.ts';
export type { Comparator, Objective, TimeStatistic } from './objective-syntax.ts';
export {
  namedMetricId,
  parseObjective,
  windowMetricId,
  type ObjectiveScope,
  type ParsedObjective,
  type Statistic,
} from './objective.ts';
export {
  parseDuration,
  parsePercent,
  parseRate,
  parseSize,
  readQuantity,
  type DurationText,
  type PercentText,
  type Quantity,
  type RateText,
  type SizeText,
} from './quantity.ts';
export { commonOptionNames, refuseUnknownOptions } from './options.ts';
export { membersOf, type Member, type Over, type ParametersOf } from './over.ts';
export { oneLine, plainJson, plainText, stripAnsi, withoutCommands } from './plain-text.ts';
export {
  createRedactor,
  credentialsOf,
  isSecretName,
  secretsIn,
  secretsInUrl,
  withoutCredentials,
  type Redactor,
} from './redact.ts';
export { createRng, deriveSeed, shuffled, type Rng } from './rng.ts';
export {
  runSchemaUrl,
  runSchemaVersion,
  type BenchmarkPlan,
  type BenchmarkVerdict,
  type ComparedSide,
  type Comparison,
  type ComparisonReport,
  type Control,
  type Decision,
  type Environment,
  type Failure,
  type FileChoice,
  type Inventory,
  type Judgement,
  type Provenance,
  type Report,
  type Run,
  type RunPlan,
  type Screening,
} from './run.ts';
export { binomialCdf, proportionBounds } from './statistics/binomial.ts';
export { fitGrowth, type GrowthFit, type GrowthLaw, type GrowthPoint } from './statistics/growth.ts';
export { hodgesLehmannRatio, hodgesLehmannShift } from './statistics/hodges-lehmann.ts';
export { benjaminiHochberg } from './statistics/multiplicity.ts';
export { normalCdf, normalQuantile } from './statistics/normal.ts';
export {
  quantileRanks,
  samplesForQuantile,
  samplesForUpperBound,
  type QuantileRanks,
} from './statistics/order-statistic.ts';
export { median, medianAbsoluteDeviation, quantile, sorted } from './statistics/quantile.ts';
export { mannWhitneyCdf, rankInterval, type RankInterval } from './statistics/rank-sum.ts';
export { rankTest, type RankTest } from './statistics/rank-test.ts';
export { lookConfidence } from './statistics/sequential.ts';
export { signedRankCdf, signedRankShift, signedRankTest } from './statistics/signed-rank.ts';
export { theilSenSlope } from './statistics/theil-sen.ts';
export {
  describeTarget,
  target,
  type PatternData,
  type ReadyCondition,
  type RunningTarget,
  type TargetOptions,
  type TargetSpec,
} from './target.ts';
export {
  bytes,
  intervalOf,
  msFromNanos,
  nanos,
  nanosFromMs,
  perSecond,
  units,
  type Bytes,
  type Nanos,
  type PerSecond,
  type Unit,
} from './units.ts';
export { differenceFrom, isSmallBase, smallestBase, type Difference } from './smallest-base.ts';
export {
  exitCodeOf,
  join,
  joinKinds,
  pass,
  verdictKinds,
  type Reason,
  type Verdict,
  type VerdictKind,
} from './verdict.ts';
export type { ParameterValue, Variant, VariantRole } from './variant.ts';
export type { Ban, Warning } from './warning.ts';
export { ownWordFor } from './foreign-words.ts';
export { describeValue, nearest } from './wording.ts';
