import { describe, expect, it } from 'vitest';
import { calmOutliers } from './calm-outliers.ts';

describe('calmOutliers', () => {
  it('pulls one and two lone points to three standard deviations', () => {
    const { values, outliers } = calmOutliers([0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, -9, 0, 0], 1);
    expect(outliers).toEqual([4, 11]);
    expect(values[4]).toBe(3);
    expect(values[11]).toBe(-3);
  });

  it('believes a level from its third point on', () => {
    expect(calmOutliers([0, 0, 0, 0, 0, 9, 9], 1).outliers).toEqual([5, 6]);
    expect(calmOutliers([0, 0, 0, 0, 0, 9, 9, 9], 1).outliers).toEqual([]);
  });

  it('leaves short histories and what is near as they are', () => {
    expect(calmOutliers([1, 100, 1], 1)).toEqual({ values: [1, 100, 1], outliers: [] });
    expect(calmOutliers([0, 1, 2, 1, 0], 1).values).toEqual([0, 1, 2, 1, 0]);
  });
});
