import {
  describeValue,
  parseDuration,
  usageError,
  type DurationText,
  type Nanos,
  type PerfError,
} from '@perfkeel/core';
import type { MemoryTarget } from '../target/memory-target.ts';
import type { SoakLine } from './soak-line.ts';

/** One round of work. */
export interface SoakWork {
  readonly target: MemoryTarget;
  /** From 0. */
  readonly round: number;
  /** How long the round should take: shorter at the end. */
  readonly length: Nanos;
  /** Aborted when the soak is. */
  readonly signal: AbortSignal;
}

export interface SoakOptions {
  /** A target, which stays open; or how to open one, anew when it ends: it is closed at the end. */
  readonly target: MemoryTarget | (() => MemoryTarget | Promise<MemoryTarget>);
  /** One round of work; says how many iterations it was. */
  readonly during: (work: SoakWork) => number | Promise<number>;
  /** Time to soak, that of earlier processes included. */
  readonly for: DurationText;
  /** Work between two collections, each of which slows the target for about 1.5 s. @default '30s' */
  readonly every?: DurationText | undefined;
  /** After so many rounds of work, nothing is asked of the target for so long. */
  readonly idle?: { readonly every: number; readonly for: DurationText } | undefined;
  /** A file that gets every round as it ends, one JSON value a line. */
  readonly checkpoint: string;
  /** Goes on where the file ends; begins when there is none. @default false, which refuses a file that is there */
  readonly resume?: boolean | undefined;
  /** To what length growth is projected. @default the time to soak */
  readonly planned?: DurationText | undefined;
  /** Growth below this many bytes per iteration is not called a leak. @default 1 */
  readonly smallest?: number | undefined;
  /** Lives of a target that may end before the soak does. @default 3 */
  readonly restarts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after every round. */
  readonly onLine?: ((line: SoakLine) => void) | undefined;
}

export interface SoakPlan {
  readonly length: Nanos;
  readonly every: Nanos;
  readonly planned: Nanos;
  readonly idle: { readonly every: number; readonly length: Nanos } | undefined;
  readonly restarts: number;
}

const wrong = (message: string, hint: string, excerpt: string): PerfError =>
  usageError(message, { code: 'bad-option', hint, excerpt });

/** @throws PerfError `bad-option` or `bad-quantity`, exit code 2. */
export function planSoak(options: SoakOptions): SoakPlan {
  const { during, idle, checkpoint, restarts = 3 } = options;
  if (typeof during !== 'function') {
    throw wrong(`during is ${describeValue(during)}`, 'Write during: async ({ length }) => iterations.', 'during');
  }
  if (typeof checkpoint !== 'string' || checkpoint === '') {
    throw wrong('a soak needs a checkpoint', "Write checkpoint: 'soak.ndjson'.", 'soak(');
  }
  if (idle !== undefined && !(Number.isInteger(idle.every) && idle.every >= 1)) {
    throw wrong(`idle every ${describeValue(idle.every)} rounds`, "Write idle: { every: 10, for: '1m' }.", 'idle');
  }
  const [length, every] = [parseDuration(options.for), parseDuration(options.every ?? '30s')];
  if (!(length > 0)) throw wrong('a soak of no time', "Write for: '8h'.", 'for');
  if (!(every > 0)) throw wrong('every is no time', "Write every: '30s'.", 'every');
  return {
    length,
    every,
    planned: options.planned === undefined ? length : parseDuration(options.planned),
    idle: idle && { every: idle.every, length: parseDuration(idle.for) },
    restarts,
  };
}
