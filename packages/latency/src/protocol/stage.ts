import { createRng, locating } from '@perfkeel/core';
import type { Contract, NamedImplementation, SubjectContext } from './contract.ts';
import { identityOf } from './identity.ts';

interface Data<F> {
  readonly fixture: F;
  readonly identity: string | undefined;
}

/**
 * The data and the objects of one implementation during one measurement, all of it outside the clock. `open` begins a
 * new one; measurements of one stage follow each other.
 */
export class Stage<T, F> {
  readonly contract: Contract<T, F>;
  readonly implementation: NamedImplementation<T, F>;
  #data: Promise<Data<F>> | undefined;
  #subjects: T[] = [];

  constructor(contract: Contract<T, F>, implementation: NamedImplementation<T, F>) {
    this.contract = contract;
    this.implementation = implementation;
  }

  /** Makes the data. */
  async open(short: boolean): Promise<void> {
    this.#subjects = [];
    this.#data = this.#makeData(short);
    await this.#data;
  }

  /** Disposes of what `context` made. */
  async close(): Promise<void> {
    const subjects = this.#subjects;
    this.#subjects = [];
    for (const subject of subjects) await this.dispose(subject);
  }

  readonly fixture = async (): Promise<F> => (await this.#opened()).fixture;

  readonly create = async (): Promise<T> => await this.implementation.create({ fixture: await this.fixture() });

  readonly dispose = async (subject: T): Promise<void> => {
    await this.implementation.dispose?.(subject);
  };

  /** A new object of the implementation with everything around it. */
  async context(): Promise<SubjectContext<T, F>> {
    const subject = await this.create();
    this.#subjects.push(subject);
    return { subject, fixture: await this.fixture(), create: this.create, dispose: this.dispose };
  }

  /** Names the data; `undefined` when the protocol has none. */
  async identity(): Promise<string | undefined> {
    return (await this.#opened()).identity;
  }

  /** Whether somebody changed the data since they were made. */
  async isChanged(): Promise<boolean> {
    const { fixture, identity } = await this.#opened();
    return identity !== undefined && this.#identityOf(fixture) !== identity;
  }

  #opened(): Promise<Data<F>> {
    return (this.#data ??= this.#makeData(false));
  }

  async #makeData(short: boolean): Promise<Data<F>> {
    const { makeFixture, seed } = this.contract;
    if (makeFixture === undefined) return { fixture: undefined as F, identity: undefined };
    const fixture = await makeFixture({ seed, rng: createRng(seed), short });
    return { fixture, identity: this.#identityOf(fixture) };
  }

  #identityOf(fixture: F): string {
    return locating(this.contract.location, () => identityOf(fixture));
  }
}
