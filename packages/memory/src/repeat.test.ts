import { expect, test } from 'vitest';
import { repeat } from './repeat.ts';

test('one iteration begins when the promise of the one before has settled', async () => {
  let [running, most, calls] = [0, 0, 0];
  await repeat(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    calls += 1;
  }, 5);
  expect({ running, most, calls }).toEqual({ running: 0, most: 1, calls: 5 });
});

test('an ordinary value is not waited for', async () => {
  let calls = 0;
  const done = repeat(() => (calls += 1), 1000);
  expect(calls).toBe(1000);
  await done;
});

test('an error leaves at once', async () => {
  let calls = 0;
  const error = new Error('the third');
  const failing = repeat(() => {
    calls += 1;
    if (calls === 3) throw error;
  }, 10);
  await expect(failing).rejects.toBe(error);
  expect(calls).toBe(3);
});
