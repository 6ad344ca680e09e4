import type { Declaration, RoundResult, RunningTarget, SerialisedError } from '@perfkeel/core';

/** A declaration without its functions. */
export type DeclarationData = Omit<Declaration, 'instrument'>;

/** What the runner asks of the process that loaded a perf file. */
export interface MeasureRequest {
  readonly type: 'measure';
  /** The position among the declarations of the file. */
  readonly index: number;
  readonly round: number;
  readonly seed: number;
  readonly short: boolean;
  readonly target?: RunningTarget | undefined;
  readonly folder?: string | undefined;
}

/**
 * What that process answers: `declared` once, then `progress` and `checkpoint` any number of times, then one of the other
 * two.
 */
export type HarnessMessage =
  | { readonly type: 'declared'; readonly declarations: readonly DeclarationData[] }
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'checkpoint'; readonly result: RoundResult }
  | { readonly type: 'measured'; readonly result: RoundResult }
  | { readonly type: 'failed'; readonly error: SerialisedError };

/** The code of the error that tells of `process.exit` at the top of a perf file. */
export const exitedWhileRead = 'exited-while-read';

/** What the supervisor of a target is asked and answers. */
export interface LaunchRequest {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** A folder of the target that goes when it has ended. */
  readonly scratch?: string | undefined;
}
export type SupervisorMessage =
  | { readonly type: 'launched'; readonly pid: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'exited'; readonly code: number | null; readonly signal: string | null };
