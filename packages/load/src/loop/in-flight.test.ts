import { describe, expect, it } from 'vitest';
import { InFlight } from './in-flight.ts';

describe('requests in flight', () => {
  it('use their entries again', () => {
    const inFlight = new InFlight();
    const [a, b] = [inFlight.take(), inFlight.take()];
    a.intendedAt = 7;
    expect([a.slot, b.slot, inFlight.size, inFlight.at(0)?.intendedAt]).toEqual([0, 1, 2, 7]);
    inFlight.release(a);
    expect([inFlight.at(0), inFlight.size, inFlight.pending()]).toEqual([undefined, 1, [b]]);
    expect(inFlight.take()).toBe(a);
    expect(inFlight.take().slot).toBe(2);
  });

  it('know nothing of slots that were never taken', () => {
    expect([new InFlight().at(5), new InFlight().size]).toEqual([undefined, 0]);
  });
});
