const leastMs = 1000;

/** Time for several projects one after the other: what one of them leaves is for those behind it. */
export class SharedBudget {
  #leftMs: number;

  constructor(totalMs: number) {
    this.#leftMs = totalMs;
  }

  /** Milliseconds for the next of so many projects: an equal part of what is left, and a second at least. */
  shareMs(projects: number): number {
    return Math.max(leastMs, Math.floor(this.#leftMs / Math.max(projects, 1)));
  }

  spend(ms: number): void {
    this.#leftMs -= ms;
  }
}
