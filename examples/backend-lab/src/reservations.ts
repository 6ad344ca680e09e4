import { setTimeout as sleep } from 'node:timers/promises';
import { createSlots } from './slots.ts';

/** A block of numbers that belongs to one operation. Both ends are included. */
export interface Reservation {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** How long the storage takes to read or to write. */
const storageMs = 1;

/**
 * Gives out blocks of numbers from a storage that can only be read and written. `reserve` locks meanwhile;
 * `reserveWithoutLock` has the race that is easily written: two who read at the same time get the same block.
 */
export function createReservations() {
  const lock = createSlots(1);
  let next = 1;
  let kept: Reservation[] = [];

  const reserveWithoutLock = async (index: number, count: number): Promise<Reservation> => {
    const from = next;
    await sleep(storageMs);
    next = from + count;
    const reservation = { index, from, to: next - 1 };
    kept.push(reservation);
    return reservation;
  };

  return {
    reserve: (index: number, count: number) => lock.use(() => reserveWithoutLock(index, count)),
    reserveWithoutLock,
    list: (): readonly Reservation[] => kept,
    reset(): void {
      [next, kept] = [1, []];
    },
  };
}
