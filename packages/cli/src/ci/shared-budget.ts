const leastMs = 1000;

/** Time for several projects one after the other: what one of them leaves is for those behind it. */
export class SharedBudget {
  #leftMs: number;
  /** Of each project so far, what it took or would have taken. */
  readonly #neededMs: number[] = [];
  #ended = false;

  constructor(totalMs: number) {
    this.#leftMs = totalMs;
  }

  /** Milliseconds for the next of so many projects: an equal part of what is left, and a second at least. */
  shareMs(projects: number): number {
    return Math.max(leastMs, Math.floor(this.#leftMs / Math.max(projects, 1)));
  }

  /** @param neededMs what would have been enough, of a project that the budget has ended */
  spend(ms: number, neededMs?: number): void {
    this.#leftMs -= ms;
    this.#neededMs.push(neededMs ?? ms);
    this.#ended ||= neededMs !== undefined;
  }

  /** What would be enough for all of them, of which each gets its part of what those before it leave; `undefined` when this was. */
  enoughMs(): number | undefined {
    if (!this.#ended) return undefined;
    const projects = this.#neededMs.length;
    let before = 0;
    return Math.max(
      ...this.#neededMs.map((needed, i) => {
        const total = before + needed * (projects - i);
        before += needed;
        return total;
      }),
    );
  }
}

/** So many milliseconds exactly, as a user would write them: `10m`, `100s`, `1500ms`. */
export function writtenMs(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
