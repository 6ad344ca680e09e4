import { untilAborted } from '../until-aborted.ts';

/** What `setup` is given. */
export interface SetupPlace<Parameters = object> {
  /** Where the target answers; `undefined` without a target. */
  readonly url: string | undefined;
  /** Aborted when the measurement is to stop. */
  readonly signal: AbortSignal;
  /** Those of `over` that this benchmark is made for; empty without. */
  readonly parameters: Parameters;
}

/** What surrounds the calls of a function: as a user writes it, of whatever it makes. */
export interface Surroundings<State, Parameters = object> {
  /** Makes what all calls share, such as open connections: once a round, before the clock of the load begins. */
  readonly setup?: ((place: SetupPlace<Parameters>) => State | PromiseLike<State>) | undefined;
  /** Takes down what `setup` made, when the last call has its outcome; also after a failure. */
  readonly teardown?: ((state: State) => unknown) | undefined;
}

/**
 * Does work between a setup and its teardown.
 *
 * @throws whatever `setup` and `teardown` throw, and the reason of a signal that aborts during `setup`
 */
export async function withSetup<State, T>(
  { setup, teardown }: Surroundings<State>,
  place: SetupPlace,
  work: (state: State) => Promise<T>,
): Promise<T> {
  const { signal } = place;
  signal.throwIfAborted();
  const state = await madeUntilAborted({ setup, teardown }, place);
  let result: T;
  try {
    result = await work(state);
  } catch (error) {
    // What went wrong first is what has to be told.
    await Promise.resolve(teardownOf({ teardown }, state)).catch(() => {});
    throw error;
  }
  await teardownOf({ teardown }, state);
  return result;
}

/** What is made too late, when nobody waits for it any longer, is taken down all the same. */
async function madeUntilAborted<State>({ setup, teardown }: Surroundings<State>, place: SetupPlace): Promise<State> {
  const making = (async () => setup?.(place))() as Promise<State>;
  try {
    return await untilAborted(place.signal, making);
  } catch (error) {
    making.then((late) => teardownOf({ teardown }, late)).catch(() => {});
    throw error;
  }
}

async function teardownOf<State>({ teardown }: Surroundings<State>, state: State): Promise<void> {
  await teardown?.(state);
}
