/** In nanoseconds. */
const firstPause = 1e6;
/** Short enough for a target that comes back to be found at once, long enough to cost nothing. */
const longestPause = 50e6;

/** Pauses between attempts to connect that fail one after the other: 1 ms, then twice as long each time, up to 50 ms. */
export class BackOff {
  #pause = 0;
  #until = -Infinity;
  #hopeless = false;

  /** Whether the last attempt failed in a way in which every other would have failed, too. */
  get isHopeless(): boolean {
    return this.#hopeless;
  }

  /** Whether an attempt was the one that is made after such a failure. */
  isProbe(beganAt: number): boolean {
    return this.#hopeless && beganAt >= this.#until;
  }

  /** How long no attempt may be made. */
  waitAt(now: number): number {
    return this.#pause === 0 ? 0 : Math.max(0, this.#until - now);
  }

  /** Attempts that were under way at the same time are one failure. */
  failed(beganAt: number, now: number, hopeless: boolean): void {
    this.#hopeless = hopeless;
    if (beganAt < this.#until) return;
    this.#pause = Math.min(this.#pause === 0 ? firstPause : this.#pause * 2, longestPause);
    this.#until = now + this.#pause;
  }

  succeeded(): void {
    this.#pause = 0;
    this.#until = -Infinity;
    this.#hopeless = false;
  }
}
