import { describe, expect, it } from 'vitest';
import { orderSides } from './order-sides.ts';

const ids = ['parse', 'print', 'sort'];

describe('the order of the rounds of two sides', () => {
  it('measures both sides of a round right after one another, every benchmark once a round', () => {
    const order = orderSides(ids, 2, 8, 5);
    expect(order).toHaveLength(6 * 3 * 2);
    for (let i = 0; i < order.length; i += 2) {
      const [first, second] = [order[i]!, order[i + 1]!];
      expect([first.id, first.round]).toEqual([second.id, second.round]);
      expect(new Set([first.side, second.side])).toEqual(new Set(['base', 'head']));
      expect(first.round).toBe(2 + Math.floor(i / 6));
    }
  });

  it('is balanced: of two rounds of a benchmark, one begins with base and one with head', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const first = orderSides(ids, 0, 6, seed).filter((_, i) => i % 2 === 0);
      for (const id of ids) {
        const sides = first.filter((round) => round.id === id).map(({ side }) => side);
        for (let block = 0; block < 3; block++) expect(sides[2 * block]).not.toBe(sides[2 * block + 1]);
      }
    }
  });

  it('which one begins is chance, and each benchmark has its own', () => {
    const begins = Array.from({ length: 400 }, (_, seed) => orderSides(['parse'], 0, 1, seed)[0]!.side);
    const base = begins.filter((side) => side === 'base').length;
    expect(base).toBeGreaterThan(150);
    expect(base).toBeLessThan(250);
    const orders = Array.from({ length: 20 }, (_, seed) =>
      orderSides(ids, 0, 1, seed)
        .filter((_, i) => i % 2 === 0)
        .map(({ id, side }) => `${id} ${side}`)
        .sort()
        .join(),
    );
    expect(new Set(orders).size).toBeGreaterThan(4);
  });

  it('goes on where it stopped: the looks do not change the order', () => {
    expect([...orderSides(ids, 0, 4, 9), ...orderSides(ids, 4, 10, 9)]).toEqual(orderSides(ids, 0, 10, 9));
  });
});
