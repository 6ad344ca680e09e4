import { describe, expect, it } from 'vitest';
import { prepareRequest } from './prepared-request.ts';
import { mixRequests } from './request-mix.ts';

const mix = (...weights: number[]): string =>
  mixRequests(weights.map((weight, i) => prepareRequest({ path: `/${i}`, weight })))
    .map(({ path }) => path.slice(1))
    .join('');

describe('the mix of requests', () => {
  it.each([
    ['one request', [1], '0'],
    ['a single weight says nothing', [7], '0'],
    ['equal weights take turns', [5, 5], '01'],
    ['8 to 2 is 4 to 1', [8, 2], '00100'],
    ['the example of nginx: evenly, not in a burst', [5, 1, 1], '0010200'],
  ])('%s', (_, weights, cycle) => {
    expect(mix(...weights)).toBe(cycle);
  });

  it('refuses a cycle that would be too long', () => {
    expect(() => mix(997, 991)).toThrow('come out even only every 1988 requests');
  });
});
