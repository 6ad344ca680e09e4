import { performance } from 'node:perf_hooks';
import type { Preparation } from './prepare-sides.ts';

/** Adds up how long the steps of a preparation take. */
export class StepTimer {
  readonly #spent = { checkoutMs: 0, dependenciesMs: 0, buildMs: 0, declareMs: 0 };
  #last = performance.now();

  end(step: keyof Preparation): void {
    const now = performance.now();
    this.#spent[step] += now - this.#last;
    this.#last = now;
  }

  /** Parts of the step that goes on, which count by themselves: what it ends with is the rest. */
  took({ checkoutMs, dependenciesMs }: Pick<Preparation, 'checkoutMs' | 'dependenciesMs'>): void {
    this.#spent.checkoutMs += checkoutMs;
    this.#spent.dependenciesMs += dependenciesMs;
    this.#last = Math.min(performance.now(), this.#last + checkoutMs + dependenciesMs);
  }

  spent(): Preparation {
    return { ...this.#spent };
  }
}
