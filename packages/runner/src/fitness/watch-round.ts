import { performance } from 'node:perf_hooks';
import type { Warning } from '@perfkeel/core';
import { disturbanceBetween, type Disturbance } from './disturbance.ts';
import { disturbedWarning } from './disturbed-warning.ts';
import { answering } from './listener.ts';
import { readMoment, type RoundMoment } from './round-moment.ts';

/** What belongs to a round: whose processor time is its own, and not a disturbance. */
export interface RoundParts {
  /** The measuring process and, when it was started here, its target. Their groups and children belong to them. */
  readonly pids: readonly number[];
  /** A target that was running before. */
  readonly url?: string | undefined;
}

/** A look at the machine costs some milliseconds: at most this share of the time, and not more often than a second. */
const costLimit = 0.002;
const shortestMs = 1000;
/** A rest shorter than this is counted with the part before it: ticks would drown what happened there. */
const restMs = 500;

/** A round's result, and what else happened meanwhile when that spoilt it. */
export interface Watched<T> {
  readonly result: T;
  /** Forbids to fail: the round would have been faster alone. */
  readonly warning: Warning | undefined;
}

/** Measures a round and looks at what else the machine does meanwhile. Throws what `measure` throws. */
export async function watchRound<T>(parts: RoundParts, measure: () => Promise<T>): Promise<Watched<T>> {
  const owners = parts.url === undefined ? [] : await answering(parts.url);
  const watch = new RoundWatch(new Set([...parts.pids, ...(owners ?? [])]), owners !== undefined);
  try {
    const result = await measure();
    return { result, warning: disturbedWarning(watch.end()) };
  } finally {
    watch.end();
  }
}

class RoundWatch {
  readonly #roots: ReadonlySet<number>;
  readonly #ownIsKnown: boolean;
  readonly #parts: Disturbance[] = [];
  /** Where the last part began, and where it ended. */
  #begun: RoundMoment | undefined;
  #last: RoundMoment | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(roots: ReadonlySet<number>, ownIsKnown: boolean) {
    this.#roots = roots;
    this.#ownIsKnown = ownIsKnown;
    this.#last = readMoment(roots);
    if (this.#last !== undefined) this.#wait(shortestMs);
  }

  /** The parts of the round up to now; watching ends with the first call. */
  end(): readonly Disturbance[] {
    if (this.#timer === undefined) return this.#parts;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = readMoment(this.#roots);
    if (this.#begun !== undefined && now !== undefined && now.atMs - this.#last!.atMs < restMs) {
      this.#parts.pop();
      this.#last = this.#begun;
    }
    this.#add(now);
    return this.#parts;
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      const began = performance.now();
      this.#add(readMoment(this.#roots));
      this.#wait(Math.max(shortestMs, (performance.now() - began) / costLimit));
    }, ms);
    this.#timer.unref();
  }

  #add(now: RoundMoment | undefined): void {
    if (now === undefined || this.#last === undefined) return;
    this.#parts.push(disturbanceBetween(this.#last, now, this.#ownIsKnown));
    this.#begun = this.#last;
    this.#last = now;
  }
}
