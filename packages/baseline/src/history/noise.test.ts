import { createRng } from '@perfkeel/core';
import { drawSample, normal } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { noiseOf } from './noise.ts';

const white = (n: number, seed: number): number[] => drawSample(normal(0, 1), n, createRng(seed));

describe('noiseOf', () => {
  it('finds the standard deviation of independent points, and no correlation', () => {
    const { sigma, inflation } = noiseOf(white(2000, 1), 0);
    expect(sigma).toBeGreaterThan(0.93);
    expect(sigma).toBeLessThan(1.07);
    expect(inflation).toBe(1);
  });

  it('does not take steps for noise', () => {
    const steps = white(500, 2).map((value, i) => value + 20 * Math.floor(i / 50));
    expect(noiseOf(steps, 0).sigma).toBeLessThan(1.3);
  });

  it('says that neighbours which go together tell less', () => {
    let state = 0;
    const correlated = white(2000, 3).map((value) => (state = 0.5 * state + value));
    // Mean of a process that remembers half: (1 + 0.5) / (1 - 0.5) times the variance, less what chance may make.
    const { inflation, sigma } = noiseOf(correlated, 0);
    expect(inflation).toBeGreaterThan(2.3);
    expect(inflation).toBeLessThan(3.5);
    expect(sigma).toBeGreaterThan(1);
    expect(sigma).toBeLessThan(1.3);
  });

  it('is not fooled by two modes, whose neighbours are mostly of one', () => {
    const rng = createRng(4);
    const modes = white(1000, 5).map((value) => value * 0.01 + (rng() < 0.2 ? 1 : 0));
    expect(noiseOf(modes, 0).sigma).toBeGreaterThan(0.4);
  });

  it('believes in some noise where none was seen', () => {
    expect(noiseOf([5, 5, 5, 5], 0.1)).toEqual({ sigma: 0.1, inflation: 1 });
    expect(noiseOf([], 0.1)).toEqual({ sigma: 0.1, inflation: 1 });
  });
});
