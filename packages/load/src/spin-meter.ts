import type { Window } from './timeline.ts';

/**
 * How much of a window a loop has spent turning only to wait. A turn in which an outcome arrived was work, and is left
 * out as a whole, so the share is rather too small than too large. Times in nanoseconds since the start of the run.
 */
export class SpinMeter {
  readonly #window: Window;
  #since: number | undefined;
  #spun = 0;

  constructor(window: Window) {
    this.#window = window;
  }

  /** A turn begins that has nothing to do but to wait. */
  begin(now: number): void {
    this.#since = now;
  }

  /** It had something to do after all. */
  worked(): void {
    this.#since = undefined;
  }

  turned(now: number): void {
    if (this.#since === undefined) return;
    const { start, end } = this.#window;
    this.#spun += Math.max(0, Math.min(now, end) - Math.max(this.#since, start));
    this.#since = undefined;
  }

  /** Share of the window, as far as it has come by `now`, in [0, 1]. */
  shareUntil(now: number): number {
    const elapsed = Math.min(now, this.#window.end) - this.#window.start;
    return elapsed > 0 ? Math.min(this.#spun / elapsed, 1) : 0;
  }
}
