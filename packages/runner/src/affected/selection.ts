/** What a changed file can do to a benchmark, by its path alone. A file that a bundle takes in counts whatever its class. */
export type ChangeClass =
  /** Code. */
  | 'source'
  /** Anything that code may read. */
  | 'data'
  /** It measures: a perf file, perf.config, or what lies in a folder called `perf` or `bench`. */
  | 'benchmark'
  /** Prose, tests, settings of editors and of tests. */
  | 'inert'
  /** It takes part in everything: settings of the workspace, of the compiler or of the package manager. */
  | 'global'
  /** A tsconfig of one package. */
  | 'compiler'
  /** A package.json, of which some fields matter. */
  | 'manifest'
  /** A lock file, compared by what is reached at run time. */
  | 'lock';

/** One changed path, from the top of the repository with `/`. A moved file is one deleted and one added. */
export interface Change {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
  readonly class: ChangeClass;
}

/** Why a perf file is measured. */
export interface Cause {
  /** False when nobody can know: it may be affected. */
  readonly sure: boolean;
  /** A changed path, or a package such as `npm zod 4.6.6 -> 4.6.7`. */
  readonly what: string;
  /** Names of projects from the change to the perf file. Empty when the change is in the benchmark itself. */
  readonly chain: readonly string[];
  /** What makes it count, or what nobody can know. */
  readonly note?: string | undefined;
}

/** One perf file: measured with a cause, skipped without. */
export interface Choice {
  readonly project: string;
  /** From the folder of the workspace, with `/`. */
  readonly file: string;
  readonly decision: 'run' | 'skip';
  readonly cause?: Cause | undefined;
}

/** Which perf files a change can reach, and why: plain data for programs and reports. */
export interface Selection {
  readonly schemaVersion: 1;
  /** What changes were counted from. Absent when there is no such commit. */
  readonly base?: { readonly sha: string; readonly ref: string; readonly reason: string } | undefined;
  /** The commit up to which changes were counted. Absent for the working tree. */
  readonly head?: string | undefined;
  readonly graph: 'nx' | 'packages';
  /** Where nothing could be known: everything runs. */
  readonly unsure?: string | undefined;
  readonly changes: readonly Change[];
  readonly choices: readonly Choice[];
  /** Perf files that are no more. What is skipped is not among them. */
  readonly gone: readonly string[];
}
