import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from './normal.ts';

/** Equal to that many parts of itself: absolute closeness says nothing about a tail. */
const relative = (got: number, wanted: number): number => Math.abs(got - wanted) / Math.abs(wanted);

// Reference values: mpmath with 40 digits.
describe('normalCdf', () => {
  it.each([
    [-37, 5.7255712225245768e-300],
    [-20, 2.7536241186062337e-89],
    [-10, 7.6198530241605261e-24],
    [-5, 2.8665157187919391e-7],
    [-3, 0.0013498980316300945],
    [-2.999, 0.0013543365337271062],
    [-1.96, 0.024997895148220436],
    [-1, 0.15865525393145705],
    [0, 0.5],
    [0.1, 0.53982783727702898],
    [2, 0.97724986805182079],
    [8, 0.99999999999999938],
  ])('at %d', (x, wanted) => {
    expect(relative(normalCdf(x), wanted)).toBeLessThan(1e-12);
  });

  it.each([
    [-Infinity, 0],
    [Infinity, 1],
    [NaN, NaN],
  ])('at %d is %d', (x, wanted) => {
    expect(normalCdf(x)).toBe(wanted);
  });
});

describe('normalQuantile', () => {
  it.each([
    [1e-300, -37.047096299361199],
    [1e-100, -21.273453560965324],
    [1e-10, -6.3613409024040562],
    [0.001, -3.0902323061678135],
    [0.02425, -1.9729610513118849],
    [0.025, -1.9599639845400542],
    [0.1, -1.2815515655446005],
    [0.3, -0.52440051270804078],
    [0.975, 1.9599639845400542],
  ])('at %d', (p, wanted) => {
    expect(relative(normalQuantile(p), wanted)).toBeLessThan(p < 1e-290 ? 1e-8 : 1e-12);
  });

  it.each([
    [0.5, 0],
    [0, -Infinity],
    [1, Infinity],
    [-1, -Infinity],
    [NaN, NaN],
  ])('at %d is %d', (p, wanted) => {
    expect(normalQuantile(p) + 0).toBe(wanted);
  });

  it('inverts the distribution function', () => {
    for (let x = -6; x <= 6; x += 0.25) expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 6);
  });
});
