import { describe, expect, it } from 'vitest';
import { InFlight } from './in-flight.ts';

describe('requests in flight', () => {
  it('keep their times while others come and go, beyond the first size of the arrays', () => {
    const inFlight = new InFlight();
    const slots = Array.from({ length: 1000 }, (_, i) => inFlight.take(i, i * 10, i * 10 + 1));
    expect(new Set(slots).size).toBe(1000);
    for (const slot of slots.filter((_, i) => i % 2 === 0)) inFlight.release(slot);
    const reused = inFlight.take(5000, 7, 8);
    expect(inFlight.size).toBe(501);
    expect([inFlight.arrival[reused], inFlight.intendedAt[reused], inFlight.sentAt[reused]]).toEqual([5000, 7, 8]);
    expect([...inFlight.pending()].sort((a, b) => a - b)).toEqual([
      7,
      ...Array.from({ length: 500 }, (_, i) => i * 20 + 10),
    ]);
  });

  it('are none at the beginning', () => {
    expect([new InFlight().size, [...new InFlight().pending()]]).toEqual([0, []]);
  });
});
