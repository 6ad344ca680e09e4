export { chooseAffected, type ChooseAffectedOptions, type PerfProject } from './affected/choose-affected.ts';
export { describeCause, describeChoice } from './affected/describe-choice.ts';
export { listBenchmarks, type ListOptions, type ListedBenchmark } from './affected/list-benchmarks.ts';
export type { Cause, Change, ChangeClass, Choice, Selection as AffectedSelection } from './affected/selection.ts';
export { assembleRun, type RunParts } from './assemble-run.ts';
export { bundleFile, notWritable, type Bundle, type BundleOptions } from './bundle.ts';
export { defaultInclude, discover, perfFileName, type Discovered, type DiscoverOptions } from './discover.ts';
export { readEnvironment, type MachineState } from './environment.ts';
export { examineMachine, type ExamineOptions } from './fitness/examine-machine.ts';
export { fitnessWarnings, joinFitness } from './fitness/join-fitness.ts';
export { cpuPressure } from './fitness/pressure.ts';
export { watchRound, type RoundParts, type Watched } from './fitness/watch-round.ts';
export { closeUnfinished, goneFiles, missingRounds } from './journal/close-unfinished.ts';
export type { HalfRound, JournalEntry, JournalHead, Remembered, Selected } from './journal/journal-entry.ts';
export { unfinishedRuns, type UnfinishedRun, type UnfinishedRuns } from './journal/unfinished-runs.ts';
export { measureProject, resumeProject, type MeasureProjectOptions, type RunEvent } from './measure-project.ts';
export {
  fitsWords,
  nothingFits,
  orderRounds,
  planBenchmarks,
  type PlannedBenchmark,
  type PlannedRound,
  type Selection,
} from './plan.ts';
export { projectName, readProvenance } from './provenance.ts';
export {
  mostAttempts,
  retryRemark,
  retryText,
  withRetries,
  type OnRetry,
  type Retry,
  type RetryOptions,
} from './retry/with-retries.ts';
export { createRunId } from './run-id.ts';
export { chooseBase, type ChosenBase } from './sides/choose-base.ts';
export type { Dependencies } from './sides/dependencies.ts';
export {
  identicalOf,
  measureSides,
  type Judged,
  type JudgedRuns,
  type JudgeSides,
  type MeasuredSides,
  type MeasureSidesOptions,
  type SidesEvent,
  type SidesRuns,
  type SidesSpent,
  type Stage,
} from './sides/measure-sides.ts';
export { orderSides, type SideName, type SideRound } from './sides/order-sides.ts';
export { askGit } from './sides/git.ts';
export { refHint } from './sides/ref-hint.ts';
export { prepareSides, type Preparation, type PreparedSides, type PrepareSidesOptions } from './sides/prepare-sides.ts';
export type { NotCompared, Side } from './sides/side.ts';
export { startTarget, type StartedTarget } from './target-process.ts';
export { turnedRound } from './turned-round.ts';
