import { createRng } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { OrderedSet } from './ordered-set.ts';

it('has the same key for the same members, and another one for others', () => {
  const rng = createRng(7);
  const size = 70;
  const set = new OrderedSet(size);
  const members = new Set<number>();
  const seen = new Map<string, string>();
  const keys = new Map<string, string>();
  let wrong = 0;
  for (let step = 0; step < 3000; step++) {
    // Mostly in order, as a search adds them, so that whole words fill up.
    const member = rng() < 0.7 ? Math.min(members.size, size - 1) : Math.floor(rng() * size);
    if (members.delete(member)) set.delete(member);
    else {
      members.add(member);
      set.add(member);
    }
    const truth = [...members].sort((a, b) => a - b).join(' ');
    const key = set.key();
    wrong += Number((seen.get(truth) ?? key) !== key) + Number((keys.get(key) ?? truth) !== truth);
    seen.set(truth, key);
    keys.set(key, truth);
  }
  expect(wrong).toBe(0);
  expect(seen.size).toBeGreaterThan(1000);
});

it('cannot be mistaken for a longer set by what is written behind the key', () => {
  const [one, two] = [new OrderedSet(64), new OrderedSet(64)];
  one.add(0);
  two.add(0);
  two.add(16);
  expect(`${one.key()}${String.fromCharCode(1)}`).not.toBe(two.key());
});
