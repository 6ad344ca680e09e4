import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { obtainGarbageCollector } from '../garbage-collector.ts';
import { thisProcess } from './this-process.ts';
import { over, unlessOver } from './unless-over.ts';

it('hands on what is answered, and is over for all that is not', async () => {
  let end!: () => void;
  const unless = unlessOver(new Promise<void>((resolve) => (end = resolve)));
  expect(await unless(Promise.resolve(7))).toBe(7);
  await expect(unless(Promise.reject(new Error('no')))).rejects.toThrow('no');
  const waiting = [unless(new Promise(() => undefined)), unless(new Promise(() => undefined))];
  end();
  expect(await Promise.all(waiting)).toEqual([over, over]);
  expect(await unless(new Promise(() => undefined))).toBe(over);
  expect(await unless(Promise.reject(new Error('too late')))).toBe(over);
});

it('a target that lives keeps no answer that it ever gave', async () => {
  const target = thisProcess();
  const given: WeakRef<object>[] = [];
  for (let i = 0; i < 4; i++) given.push(new WeakRef((await target.read()).handles!));
  await setImmediate();
  obtainGarbageCollector()();
  expect(given.slice(0, 3).map((each) => each.deref())).toEqual([undefined, undefined, undefined]);
  // It lives until here.
  await target.close();
});
