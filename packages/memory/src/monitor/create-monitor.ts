import { setTimeout as sleep } from 'node:timers/promises';
import {
  PerfError,
  messageOf,
  msFromNanos,
  nanos,
  nanosFromMs,
  parseDuration,
  usageError,
  type DurationText,
  type Nanos,
} from '@perfkeel/core';
import type { MemoryReading, MemoryTarget } from '../target/memory-target.ts';
import { timerMs } from '../target/timer.ts';
import { EventStream } from './event-stream.ts';
import { openLineLog, type LineLog } from './line-log.ts';
import type { MonitorEvent, MonitorHeader, MonitorSample } from './monitor-event.ts';
import { summariseTimeline, type MonitorSummary } from './summarise-timeline.ts';

export interface MonitorOptions {
  /** From one sample to the next; at least 1 ms. @default '250ms' */
  readonly interval?: DurationText | undefined;
  /** A file that gets every event at once, one JSON value a line; overwritten. */
  readonly checkpoint?: string | undefined;
  /** Called for every event as it comes. */
  readonly onEvent?: ((event: MonitorEvent) => void) | undefined;
}

/** All that a monitor saw. */
export interface MemoryTimeline extends MonitorHeader {
  /** Samples and marks in their order; a collection stands before the sample that told of it. */
  readonly events: readonly MonitorEvent[];
  readonly summary: MonitorSummary;
  /** Collections that were not kept, more than 1000 between two samples. */
  readonly dropped: number;
  /** Why it ended before `stop`: the target did, the file could not be written, or `onEvent` threw. */
  readonly ended?: PerfError | undefined;
}

export interface MemoryMonitor {
  /** Begins a phase, which ends at the next one. */
  mark(name: string): void;
  /**
   * Begins a phase whose growth is told, in `summary.growth`: collects first, which slows the target for about 1.5 s.
   * Never rejects.
   *
   * @param occurrences how often what the phase is about happens in it. @default 1
   */
  phase(name: string, occurrences?: number): Promise<void>;
  /** From now on, until the monitor ends. */
  events(): AsyncIterable<MonitorEvent>;
  /** Takes a last sample. Never rejects; the same timeline every time. The target stays open. */
  stop(): Promise<MemoryTimeline>;
}

/** Every so many nanoseconds a sample also has `pss` and `privateDirty`, which cost a large process milliseconds. */
const detailEvery = 10e9;

/**
 * Watches the memory of a target as it is: never a collection, some microseconds of it per sample. The target may end
 * at any time; what was seen is kept.
 *
 * @throws PerfError `bad-option` or `bad-quantity`, exit code 2; `log-not-written`.
 * @example
 * const monitor = createMonitor(target, { interval: '100ms' });
 * monitor.mark('load');
 * const { summary } = await monitor.stop();
 */
export function createMonitor(target: MemoryTarget, options: MonitorOptions = {}): MemoryMonitor {
  const interval = parseDuration(options.interval ?? '250ms');
  if (interval < 1e6) {
    const hint = "Write an interval from '1ms' upwards.";
    throw usageError(`the interval of a monitor is ${interval} ns`, { code: 'bad-option', hint, excerpt: 'interval' });
  }
  const watch = new Watch(target, interval, options);
  return {
    mark: (name) => watch.mark(name),
    phase: (name, occurrences = 1) => watch.phase(name, occurrences),
    events: () => watch.stream.iterate(),
    stop: () => watch.stop(),
  };
}

class Watch {
  readonly stream = new EventStream<MonitorEvent>();
  readonly #target: MemoryTarget;
  readonly #header: MonitorHeader;
  readonly #log: LineLog | undefined;
  readonly #onEvent: ((event: MonitorEvent) => void) | undefined;
  readonly #began = performance.now();
  readonly #events: MonitorEvent[] = [];
  readonly #halt = new AbortController();
  readonly #over: Promise<MemoryTimeline>;
  #dropped = 0;
  #detailedAt = -Infinity;
  #ended: PerfError | undefined;
  #hasPhases = false;

  constructor(target: MemoryTarget, interval: Nanos, { checkpoint, onEvent }: MonitorOptions) {
    const { segment, pid } = target;
    this.#target = target;
    this.#onEvent = onEvent;
    this.#header = { type: 'monitor', version: 1, segment, pid, startedAt: new Date().toISOString(), interval };
    this.#log = checkpoint === undefined ? undefined : openLineLog(checkpoint);
    this.#log?.write(this.#header);
    this.#over = this.#run(msFromNanos(interval));
  }

  mark(name: string): void {
    if (!this.#halt.signal.aborted) this.#guarded(() => this.#take({ type: 'mark', at: this.#now(), name }));
  }

  async phase(name: string, occurrences: number): Promise<void> {
    if (this.#halt.signal.aborted) return;
    this.#hasPhases = true;
    try {
      await this.#collect();
      this.#take({ type: 'mark', at: this.#now(), name, occurrences });
    } catch (error) {
      this.#fail(error);
    }
  }

  stop(): Promise<MemoryTimeline> {
    this.#halt.abort();
    return this.#over;
  }

  #now(): Nanos {
    return nanosFromMs(performance.now() - this.#began);
  }

  async #run(intervalMs: number): Promise<MemoryTimeline> {
    const { signal } = this.#halt;
    try {
      await this.#target.watchCollections(true);
      // Due times are absolute, so that slow answers do not stretch the rate; those that were missed are left out.
      for (let due = this.#began; !signal.aborted;) {
        await this.#look();
        due = Math.max(due + intervalMs, performance.now());
        await sleep(timerMs(due - performance.now()), undefined, { signal }).catch(() => undefined);
      }
      await (this.#hasPhases ? this.#collect() : this.#look());
      await this.#target.watchCollections(false);
    } catch (error) {
      this.#fail(error);
    }
    return this.#finish();
  }

  #finish(): MemoryTimeline {
    this.#halt.abort();
    this.#log?.close();
    this.stream.end();
    const summary = summariseTimeline(this.#events, this.#now());
    const ended = this.#ended === undefined ? {} : { ended: this.#ended };
    return { ...this.#header, events: this.#events, summary, dropped: this.#dropped, ...ended };
  }

  async #look(): Promise<void> {
    const detailed = this.#now() - this.#detailedAt >= detailEvery;
    if (detailed) this.#detailedAt = this.#now();
    this.#note(await this.#target.read({ detailed }));
  }

  /** Where nobody inside can be asked, what the system tells has to do. */
  async #collect(): Promise<void> {
    const { canCollect } = this.#target;
    this.#note(await (canCollect ? this.#target.collect() : this.#target.read({ detailed: true })), {
      collected: true,
    });
  }

  #note(reading: MemoryReading, how: Pick<MonitorSample, 'collected'> = {}): void {
    const at = this.#now();
    this.#dropped += reading.dropped;
    for (const { age, ...collection } of reading.collections) {
      // Those before the first sample would come before the begin by the error of two clocks.
      this.#take({ type: 'collection', at: nanos(Math.max(0, at - age)), ...collection });
    }
    this.#take({ ...sampleOf(reading, at), ...how });
  }

  #take(event: MonitorEvent): void {
    this.#events.push(event);
    this.#log?.write(event);
    this.stream.push(event);
    this.#onEvent?.(event);
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const wrapped = (): PerfError =>
      new PerfError(`the monitor ended: ${messageOf(error)}`, { code: 'monitor-ended', cause: error });
    this.#ended ??= error instanceof PerfError ? error : wrapped();
    this.#halt.abort();
  }
}

function sampleOf({ collections: _, dropped: __, ...channels }: MemoryReading, at: Nanos): MonitorSample {
  return { type: 'sample', at, ...channels };
}
