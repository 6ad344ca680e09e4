import { setImmediate } from 'node:timers/promises';
import { textsOf } from './corpus.ts';
import { NgramModel } from './ngram-model.ts';

/**
 * Has room for one model. Who wants another one waits until all that use this one have ended, then it is let go and the
 * other is trained; in the order of arrival, so that nobody waits forever.
 */
export class ModelHost {
  #loaded: { readonly name: string; readonly model: NgramModel } | undefined;
  #using = 0;
  #turn: Promise<void> = Promise.resolve();
  #whenUnused: (() => void) | undefined;

  async use<T>(name: string, work: (model: NgramModel) => Promise<T>): Promise<T> {
    const model = await this.#take(name);
    try {
      return await work(model);
    } finally {
      this.#using -= 1;
      if (this.#using === 0) this.#whenUnused?.();
    }
  }

  #take(name: string): Promise<NgramModel> {
    const taken = this.#turn.then(async () => {
      if (this.#loaded?.name !== name) await this.#switchTo(name);
      this.#using += 1;
      return this.#loaded!.model;
    });
    this.#turn = taken.then(
      () => undefined,
      () => undefined,
    );
    return taken;
  }

  async #switchTo(name: string): Promise<void> {
    if (this.#using > 0) await new Promise<void>((resolve) => (this.#whenUnused = resolve));
    this.#whenUnused = undefined;
    this.#loaded = undefined;
    const model = new NgramModel();
    for (const text of textsOf(name)) {
      model.learn(text);
      await setImmediate();
    }
    this.#loaded = { name, model };
  }
}
