import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerfError, messageOf, msFromNanos, nanos, nanosFromMs, usageError, type Nanos } from '@perfkeel/core';
import { foreign, openLineLog, readLines, type LineLog } from '../monitor/line-log.ts';
import type { MemoryReading, MemoryTarget } from '../target/memory-target.ts';
import { timerMs } from '../target/timer.ts';
import { over, unlessOver } from '../target/unless-over.ts';
import { analyzeSoak, type SoakAnalysis } from './analyze-soak.ts';
import type { SoakHeader, SoakLine, SoakPhase } from './soak-line.ts';
import { planSoak, type SoakOptions, type SoakPlan } from './soak-plan.ts';

/** What a soak saw, those before it included that it resumed. */
export interface SoakReport extends SoakAnalysis {
  readonly lines: readonly SoakLine[];
  readonly iterations: number;
  /** Time that was soaked, without interruptions. */
  readonly soaked: Nanos;
  /** Whether it was as long as asked for. */
  readonly isComplete: boolean;
  /** Why it ended before: the target did, the work failed, or the disk is full. */
  readonly ended?: PerfError | undefined;
}

/**
 * Works a target for hours, with a collection and a reading after every round, and tells growth per iteration from
 * growth with time. Every round is stored as it ends; whatever ends, target, work or this process, loses no round, and
 * `resume` goes on.
 *
 * @throws PerfError `foreign-log`, `log-not-written`; `checkpoint-exists`, `bad-option`, `bad-quantity` with exit code 2.
 * Once it soaks, nothing: `ended` says why it stopped.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const plan = planSoak(options);
  const { last, whole } = resumed(options);
  const log = openLineLog(options.checkpoint, whole);
  try {
    if (whole === 0) {
      const header: SoakHeader = { type: 'soak', version: 1, startedAt: new Date().toISOString() };
      log.write(header);
    }
    const ended = await new Soak(plan, options, last, log).run();
    return reportOf(plan, options, ended);
  } finally {
    log.close();
  }
}

/** What a checkpoint holds; for an analysis without going on. @throws PerfError `foreign-log`. */
export function readSoak(file: string): readonly SoakLine[] {
  return stored(file).lines;
}

function stored(file: string): { lines: SoakLine[]; whole: number } {
  const { values, whole } = readLines(file);
  const [header, ...lines] = values as [SoakHeader | undefined, ...SoakLine[]];
  // A soak that was killed at once has not even a header.
  if (header === undefined && whole === 0) return { lines: [], whole };
  if (header?.type !== 'soak' || header.version !== 1) throw foreign(file, 'it does not begin as one of a soak');
  return { lines, whole };
}

interface Resumed {
  readonly last?: SoakLine | undefined;
  /** Bytes of the checkpoint that are kept. */
  readonly whole: number;
}

function resumed({ checkpoint, resume = false }: SoakOptions): Resumed {
  if (!existsSync(checkpoint)) return { whole: 0 };
  if (resume) {
    const { lines, whole } = stored(checkpoint);
    return { last: lines.at(-1), whole };
  }
  throw usageError(`there is a checkpoint at ${checkpoint} already`, {
    code: 'checkpoint-exists',
    hint: 'Set resume: true to go on with it, or remove it.',
    excerpt: 'checkpoint',
  });
}

/**
 * From the checkpoint: lines that were kept here would be growth, of some 400 bytes a round, when it is this process
 * that is soaked.
 */
function reportOf(plan: SoakPlan, options: SoakOptions, soakEnded: PerfError | undefined): SoakReport {
  const { lines, lost } = soakLines(options.checkpoint);
  const ended = soakEnded ?? lost;
  const last = lines.at(-1);
  const [iterations, soaked] = [last?.iterations ?? 0, last?.at ?? nanos(0)];
  const planned = soaked > 0 ? (iterations / soaked) * plan.planned : 0;
  return {
    ...analyzeSoak(lines, planned, options.smallest),
    lines,
    iterations,
    soaked,
    isComplete: soaked >= plan.length,
    ...(ended === undefined ? {} : { ended }),
  };
}

/** Somebody may have removed it meanwhile. */
export function soakLines(checkpoint: string): { lines: readonly SoakLine[]; lost?: PerfError } {
  try {
    return { lines: readSoak(checkpoint) };
  } catch (error) {
    if (!(error instanceof PerfError)) throw error;
    return { lines: [], lost: error };
  }
}

/** In-flight work of a server ends in this time. */
const settleMs = 30;

class Soak {
  readonly #plan: SoakPlan;
  readonly #options: SoakOptions;
  readonly #log: LineLog;
  readonly #signal: AbortSignal;
  readonly #began = performance.now();
  readonly #before: number;
  #iterations: number;
  /** Of the next line. */
  #round: number;

  constructor(plan: SoakPlan, options: SoakOptions, last: SoakLine | undefined, log: LineLog) {
    this.#plan = plan;
    this.#options = options;
    this.#log = log;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#before = last?.at ?? 0;
    this.#iterations = last?.iterations ?? 0;
    this.#round = last === undefined ? 0 : last.round + 1;
  }

  /** @returns why it ended early */
  async run(): Promise<PerfError | undefined> {
    for (let lives = 0; ; lives++) {
      try {
        await this.#oneLife();
        return undefined;
      } catch (error) {
        if (this.#signal.aborted) return undefined;
        const isOver = error instanceof PerfError && error.code === 'target-ended';
        const again = isOver && typeof this.#options.target === 'function' && lives < this.#plan.restarts;
        if (!again) return error instanceof PerfError ? error : workFailed(error);
      }
    }
  }

  async #oneLife(): Promise<void> {
    const { target: given } = this.#options;
    const target = typeof given === 'function' ? await given() : given;
    const unlessEnded = unlessOver(target.ended);
    try {
      await this.#note(target, 'begin', nanos(0));
      for (let rounds = 1; this.#left() > 0 && !this.#signal.aborted; rounds++) {
        await this.#work(target, unlessEnded);
        const { idle } = this.#plan;
        if (idle && rounds % idle.every === 0 && this.#left() > 0) await this.#idle(target, idle.length);
      }
    } finally {
      if (typeof given === 'function') await target.close();
    }
  }

  async #work(target: MemoryTarget, unlessEnded: ReturnType<typeof unlessOver>): Promise<void> {
    const began = performance.now();
    const length = nanos(Math.min(this.#plan.every, this.#left()));
    const work = { target, round: this.#round, length, signal: this.#signal };
    const working = Promise.resolve(this.#options.during(work)).catch(async (error: unknown) => {
      // Work fails when the target has ended, a moment before that is known.
      await Promise.race([target.ended, sleep(1000)]);
      await target.read();
      throw error;
    });
    // Work may wait for ever for a target that has ended.
    const done = await unlessEnded(working);
    if (done === over) {
      await target.read();
      throw new Error('the target ended');
    }
    if (!(Number.isFinite(done) && done >= 0)) throw new TypeError(`during returned ${String(done)}, not iterations`);
    const took = nanosFromMs(performance.now() - began);
    // A round that was aborted may have counted less than it did.
    if (this.#signal.aborted) return;
    this.#iterations += done;
    await sleep(settleMs);
    await this.#note(target, 'work', took);
  }

  async #idle(target: MemoryTarget, length: Nanos): Promise<void> {
    const began = performance.now();
    await sleep(timerMs(msFromNanos(length)), undefined, { signal: this.#signal });
    await this.#note(target, 'idle', nanosFromMs(performance.now() - began));
  }

  async #note(target: MemoryTarget, phase: SoakPhase, took: Nanos): Promise<void> {
    const reading = target.canCollect ? await target.collect() : await target.read({ detailed: true });
    const line: SoakLine = {
      type: 'round',
      phase,
      segment: target.segment,
      round: this.#round,
      iterations: this.#iterations,
      at: this.#soaked(),
      took,
      ...channelsOf(reading),
    };
    this.#log.write(line);
    this.#round += 1;
    this.#options.onLine?.(line);
  }

  #soaked(): Nanos {
    return nanos(this.#before + nanosFromMs(performance.now() - this.#began));
  }

  #left(): number {
    return this.#plan.length - this.#soaked();
  }
}

const channelsOf = ({ answered: _, collections: __, dropped: ___, ...channels }: MemoryReading) => channels;

const workFailed = (error: unknown): PerfError =>
  new PerfError(`the work of the soak failed: ${messageOf(error)}`, {
    code: 'work-failed',
    hint: 'Count failed requests instead of throwing; resume: true goes on from the last round.',
    cause: error,
  });
