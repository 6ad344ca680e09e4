import { nanos } from '@perfkeel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOfWorker, clientChanges } from './client-curve.ts';
import { totalDuration, type Phase } from './phase.ts';

const phase = (from: number, to: number, seconds: number): Phase => ({
  name: 'p',
  duration: nanos(seconds * 1e9),
  level: { from, to },
  record: true,
});

const changes = (...phases: Phase[]): (readonly [number, number])[] =>
  clientChanges(phases).map(({ at, clients }) => [at / 1e9, clients]);

describe('clients', () => {
  it('that are constant join at once', () => {
    expect(changes(phase(50, 50, 1))).toEqual([[0, 50]]);
  });

  it('of a ramp from one to four join half-way between two whole numbers', () => {
    expect(changes(phase(1, 4, 6))).toEqual([
      [0, 1],
      [1, 2],
      [3, 3],
      [5, 4],
    ]);
  });

  it('of a ramp down leave as they came', () => {
    expect(changes(phase(0, 2, 4), phase(2, 0, 4))).toEqual([
      [1, 1],
      [3, 2],
      [5, 1],
      [7, 0],
    ]);
  });

  it('jump with a spike, and go for a rest', () => {
    expect(changes(phase(2, 2, 1), phase(9, 9, 1), phase(0, 0, 1), phase(2, 2, 1))).toEqual([
      [0, 2],
      [1, 9],
      [2, 0],
      [3, 2],
    ]);
  });

  it('are there as long as the area under the line, together', () => {
    const level = fc.integer({ min: 0, max: 200 });
    const seconds = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level, seconds), { minLength: 1, maxLength: 6 }), (parts) => {
        const phases = parts.map(([from, to, time]) => phase(from, to, time));
        const found = clientChanges(phases);
        const end = totalDuration(phases);
        const together = found.reduce((sum, { at, clients }, i) => sum + clients * ((found[i + 1]?.at ?? end) - at), 0);
        const area = phases.reduce((sum, { level, duration }) => sum + ((level.from + level.to) / 2) * duration, 0);
        expect(together / 1e9).toBeCloseTo(area / 1e9, 6);
        expect(found.every(({ at }, i) => at >= (found[i - 1]?.at ?? 0))).toBe(true);
      }),
    );
  });
});

describe('the clients of a worker', () => {
  it('are every so many-th of all', () => {
    const all = clientChanges([phase(0, 5, 10), phase(5, 5, 1), phase(0, 0, 1)]);
    const counts = (worker: number) =>
      changesOfWorker(all, { worker, of: 2 }).map(({ at, clients }) => [at / 1e9, clients]);
    expect(counts(0)).toEqual([
      [1, 1],
      [5, 2],
      [9, 3],
      [11, 0],
    ]);
    expect(counts(1)).toEqual([
      [3, 1],
      [7, 2],
      [11, 0],
    ]);
  });
});
