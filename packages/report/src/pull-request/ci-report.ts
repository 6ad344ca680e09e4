import type { Decision, Unit, VerdictKind } from '@perfkeel/core';

/** The version of the file that this code writes and reads. */
export const ciReportVersion = 1;

/** A commit, and how people call it. */
export interface CiSide {
  readonly label: string;
  readonly sha?: string | undefined;
  readonly why?: string | undefined;
}

/** What a reviewed file says about a regression. */
export interface CiAcceptance {
  readonly id: string;
  /** Only `accepted` keeps a regression from failing. */
  readonly state: 'accepted' | 'expired' | 'exceeded';
  readonly message: string;
}

/** A relative change; `smallBase` when base is less than what changes of its unit are held against at least, and it is relative to that. */
export interface CiEffect {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
  readonly smallBase?: true | undefined;
}

/** One compared metric. Values are medians over rounds, in `unit`; `effect` is head / base - 1. */
export interface CiRow {
  readonly benchmark: string;
  /** The benchmark with what was compared of it: `checkout p99`. */
  readonly label: string;
  readonly metric: string;
  readonly statistic: string;
  readonly unit: Unit;
  readonly base?: number | undefined;
  readonly head?: number | undefined;
  readonly effect?: CiEffect | undefined;
  readonly decision: Decision;
  readonly verdict: VerdictKind;
  readonly reason?: string | undefined;
  readonly needs?: string | undefined;
  /** Rounds a side, both sets together. */
  readonly rounds: number;
  readonly acceptance?: CiAcceptance | undefined;
  readonly place?: CiPlace | undefined;
}

/** A line of a file; the path is relative to the top of the repository. */
export interface CiPlace {
  readonly file: string;
  readonly line: number;
}

/** An objective that was not simply kept. */
export interface CiObjective {
  readonly benchmark: string;
  readonly objective: string;
  readonly verdict: VerdictKind;
  readonly message: string;
  /** The first of what was measured beside it, and the first thing to try. */
  readonly evidence?: string | undefined;
  readonly attempt?: string | undefined;
  readonly place?: CiPlace | undefined;
}

/** A promise that was kept, or a benchmark without any that was `measured`: only lists of tests name them. */
export interface CiKept {
  readonly benchmark: string;
  readonly objective: string;
}

/** A benchmark, or a whole project when there is no name, that could not be measured. */
export interface CiFailure {
  readonly benchmark?: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly place?: CiPlace | undefined;
}

export interface CiProject {
  readonly project: string;
  /** From the top of the repository; empty for the top itself. */
  readonly folder: string;
  /** Why it was measured, a line for each perf file. */
  readonly why: readonly string[];
  /** A matrix leg, such as `node 22`. */
  readonly leg?: string | undefined;
  readonly verdict: VerdictKind;
  readonly exitCode: number;
  readonly base?: CiSide | undefined;
  readonly head?: CiSide | undefined;
  readonly rows: readonly CiRow[];
  readonly objectives: readonly CiObjective[];
  /** Absent in files of before it was written. */
  readonly kept?: readonly CiKept[] | undefined;
  readonly failures: readonly CiFailure[];
  readonly warnings: readonly string[];
  /** What identical code came to in the same session. */
  readonly control?: { readonly pairs: number; readonly largest: number } | undefined;
  /** Pairs of a name and a text. */
  readonly environment: readonly (readonly [string, string])[];
}

/** A project that was not measured because nothing that it executes has changed. */
export interface CiSkipped {
  readonly project: string;
  readonly why: string;
}

/** One perf file: why it ran, or that nothing which it executes has changed. */
export interface CiChoice {
  readonly project: string;
  readonly file: string;
  readonly decision: 'run' | 'skip';
  /** `because packages/core/src/a.ts -> core -> load`, `no changed input`. */
  readonly why: string;
}

/** Which perf files a change can reach. */
export interface CiSelection {
  readonly choices: readonly CiChoice[];
  /** Perf files that are no more; what is skipped is not among them. */
  readonly gone: readonly string[];
  /** Changes of which no perf file takes notice. */
  readonly ignored: readonly string[];
  /** Why nobody knows what changed, so that everything ran. */
  readonly unsure?: string | undefined;
}

/** What one CI job found: plain data, small, and all that the text of a pull request is made from. */
export interface CiReport {
  readonly schemaVersion: typeof ciReportVersion;
  readonly tool: string;
  /** `pull request`, `merge queue`, `push`, `schedule`, `local`. */
  readonly event: string;
  readonly base?: CiSide | undefined;
  readonly head?: CiSide | undefined;
  readonly projects: readonly CiProject[];
  readonly skipped: readonly CiSkipped[];
  /** Absent when everything was to run. */
  readonly selection?: CiSelection | undefined;
  readonly notes: readonly string[];
}
