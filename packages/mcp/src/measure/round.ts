import type { Clock, RunningTarget } from '@perfkeel/core';
import type { McpSubject } from '../subject.ts';

/** Where a direct call measures. Everything has a default. */
export interface McpContext {
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** As little work as possible over the same code path. @default false */
  readonly short?: boolean;
  readonly target?: RunningTarget | undefined;
  readonly progress?: (text: string) => void;
}

/** One round, with everything that was left to defaults. */
export interface McpRound {
  readonly subject: McpSubject;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly short: boolean;
  readonly target: RunningTarget | undefined;
  readonly progress: (text: string) => void;
}
