/** How long rounds took, to tell how long others will take. */
export class RoundTimes {
  readonly #sums = new Map<string, { readonly ms: number; readonly rounds: number }>();

  add(benchmark: string, ms: number): void {
    const sum = this.#sums.get(benchmark) ?? { ms: 0, rounds: 0 };
    this.#sums.set(benchmark, { ms: sum.ms + ms, rounds: sum.rounds + 1 });
  }

  get ms(): number {
    return this.#total().ms;
  }

  /** Milliseconds that a round of each benchmark took, on average. */
  get means(): ReadonlyMap<string, number> {
    return new Map([...this.#sums].map(([benchmark, { ms, rounds }]) => [benchmark, ms / rounds]));
  }

  get rounds(): number {
    return this.#total().rounds;
  }

  /**
   * Milliseconds that one round of each of these is expected to take: each as those of its own benchmark did, since a load
   * of half a minute says nothing about a function of a millisecond. What was never measured takes what the others do.
   */
  expectedMs(benchmarks: readonly string[]): number {
    const { ms, rounds } = this.#total();
    const usual = rounds === 0 ? 0 : ms / rounds;
    return benchmarks.reduce((sum, benchmark) => {
      const own = this.#sums.get(benchmark);
      return sum + (own === undefined ? usual : own.ms / own.rounds);
    }, 0);
  }

  #total(): { readonly ms: number; readonly rounds: number } {
    const all = [...this.#sums.values()];
    return {
      ms: all.reduce((sum, { ms }) => sum + ms, 0),
      rounds: all.reduce((sum, { rounds }) => sum + rounds, 0),
    };
  }
}
