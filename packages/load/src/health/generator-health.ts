import { performance } from 'node:perf_hooks';
import type { Window } from '../profile/phase.ts';
import { pressureTime, processorTimes, threadTimes, type ProcessorTimes, type ThreadTimes } from './system-times.ts';

/** How the sending thread fared while load was measured: shares of that time, in [0, 1], where nothing else is said. */
export interface GeneratorHealth {
  /** The event loop was busy. */
  readonly eventLoopUtilisation: number;
  /** The thread could have run, but had no processor; `undefined` where the system does not tell. */
  readonly runQueueWait: number | undefined;
  /** For how long on average, in nanoseconds, whenever it wanted to run. */
  readonly waitPerTurn: number | undefined;
  /** The processors of the machine had nothing to do. */
  readonly idle: number;
  /** Some program of the machine could have run, but had no processor; `undefined` where the system does not tell. */
  readonly pressure: number | undefined;
}

interface Reading {
  readonly at: number;
  readonly utilisation: ReturnType<typeof performance.eventLoopUtilization>;
  readonly thread: ThreadTimes | undefined;
  readonly pressed: number | undefined;
  readonly processors: ProcessorTimes;
}

const read = (): Reading => ({
  at: performance.now() * 1e6,
  utilisation: performance.eventLoopUtilization(),
  thread: threadTimes(),
  pressed: pressureTime(),
  processors: processorTimes(),
});

function between(from: Reading, to: Reading): GeneratorHealth {
  const time = Math.max(to.at - from.at, 1);
  const share = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : Math.min((b - a) / time, 1);
  return {
    eventLoopUtilisation: performance.eventLoopUtilization(to.utilisation, from.utilisation).utilization,
    runQueueWait: share(from.thread?.waited, to.thread?.waited),
    waitPerTurn: waitPerTurn(from.thread, to.thread),
    idle: idleBetween(from.processors, to.processors),
    pressure: share(from.pressed, to.pressed),
  };
}

const waitPerTurn = (from: ThreadTimes | undefined, to: ThreadTimes | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : (to.waited - from.waited) / Math.max(to.turns - from.turns, 1);

/** The system counts in steps of some milliseconds: too short a time is all idle. */
const idleBetween = (from: ProcessorTimes, to: ProcessorTimes): number =>
  to.all > from.all ? (to.idle - from.idle) / (to.all - from.all) : 1;

/** Watches a window that lies ahead, from the thread that sends. */
export class HealthWatch {
  readonly #begin: NodeJS.Timeout;
  readonly #finish: NodeJS.Timeout;
  #from = read();
  #health: GeneratorHealth | undefined;

  /** @param window in nanoseconds from now */
  constructor({ start, end }: Window) {
    this.#begin = setTimeout(() => (this.#from = read()), start / 1e6);
    this.#finish = setTimeout(() => (this.#health = between(this.#from, read())), end / 1e6);
  }

  /** Ends the watch. @returns what there was of the window, as far as it came */
  stop(): GeneratorHealth {
    clearTimeout(this.#begin);
    clearTimeout(this.#finish);
    return (this.#health ??= between(this.#from, read()));
  }
}
