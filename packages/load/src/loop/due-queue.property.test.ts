import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueQueue } from './due-queue.ts';

describe('the queue of what is due', () => {
  it('gives out the soonest, in any mixture of coming and going', () => {
    const step = fc.option(fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new DueQueue();
        const times: number[] = [];
        const reference = new Set<number>();
        for (const time of steps) {
          if (time !== null) {
            reference.add(times.length);
            queue.push(times.length, time);
            times.push(time);
          } else if (reference.size > 0) {
            const soonest = Math.min(...[...reference].map((item) => times[item]!));
            expect(queue.nextAt).toBe(soonest);
            const item = queue.pop();
            expect([reference.delete(item), times[item]]).toEqual([true, soonest]);
          }
          expect(queue.size).toBe(reference.size);
        }
        if (reference.size === 0) expect(queue.nextAt).toBe(Infinity);
      }),
    );
  });
});
