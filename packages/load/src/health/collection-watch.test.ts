import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { CollectionWatch } from './collection-watch.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('a long collection is known with its time since the start; what comes later is not watched', async () => {
  // Enough that marking it takes long on any machine.
  const alive = Array.from({ length: 300_000 }, (_, i) => ({ i, next: [i] }));
  const watch = new CollectionWatch(-50e6);
  const began = performance.now();
  collect();
  const took = performance.now() - began;
  // Its entry is made in a later turn, and handed over in one more.
  await sleep(20);
  const found = watch.stop();
  collect();
  await sleep(20);
  expect(watch.stop()).toBe(found);
  const longest = found.reduce((a, b) => (a.took > b.took ? a : b));
  expect(longest.took).toBeGreaterThanOrEqual(5e6);
  expect(longest.took).toBeLessThanOrEqual(took * 1e6);
  // The run began 50 ms ago.
  expect(longest.at).toBeGreaterThanOrEqual(50e6);
  expect(longest.at).toBeLessThanOrEqual(50e6 + (performance.now() - began) * 1e6 + 5e6);
  expect(alive).toHaveLength(300_000);
});
