import type { Clock, RunningTarget } from '@perfkeel/core';
import { monotonicClock } from './clock.ts';

/** Where a direct call measures. Everything has a default; the runner fills it in for declarations. */
export interface MeasureContext {
  /** @default monotonicClock */
  readonly clock?: Clock;
  /** Stops the measurement: the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** As little work as possible over the same code path. @default false */
  readonly short?: boolean;
  /** Called before timing. @default the engine's own, where Node runs with `--expose-gc` */
  readonly collectGarbage?: () => void;
  /** A target that already answers. */
  readonly target?: RunningTarget | undefined;
  readonly progress?: (text: string) => void;
  /** Called when the calls that count begin, and when the last one has ended. */
  readonly counting?: (moment: 'begins' | 'ends') => void;
}

/** A context in which every part but the target is present. */
export type FullContext = Required<Omit<MeasureContext, 'target'>> & Pick<MeasureContext, 'target'>;

export function fullContext(context: MeasureContext): FullContext {
  return {
    clock: context.clock ?? monotonicClock,
    signal: context.signal ?? new AbortController().signal,
    short: context.short ?? false,
    collectGarbage: context.collectGarbage ?? (() => void globalThis.gc?.()),
    target: context.target,
    progress: context.progress ?? (() => undefined),
    counting: context.counting ?? (() => undefined),
  };
}
