import type { Clock } from '../declaration.ts';
import { nanos, type Nanos } from '../units.ts';

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves it forward. @throws RangeError when `by` is negative: clocks are monotonic. */
  advance(by: Nanos): void;
}

/** A clock for tests: no waiting, exact times. */
export function fakeClock(start: Nanos = nanos(0)): FakeClock {
  let time: number = start;
  return {
    now: () => nanos(time),
    advance: (by) => {
      if (!(by >= 0)) throw new RangeError(`a monotonic clock cannot move by ${by} ns`);
      time += by;
    },
  };
}
