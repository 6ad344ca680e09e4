import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Work } from './repeat.ts';
import { workFor } from './work-for.ts';

/** Work of which every call completes so many iterations; `blocks` has the calls that were asked for. */
function worked(perCall = 1, blockMs = 0): { work: Work; blocks: number[] } {
  const blocks: number[] = [];
  const work: Work = async (calls) => {
    blocks.push(calls);
    if (blockMs > 0) await sleep(blockMs);
    return calls * perCall;
  };
  return { work, blocks };
}

it('keeps all clients at work, however slow each call is', async () => {
  const { work, blocks } = worked(1, 60);
  expect(await workFor(work, { ms: 150, clients: 100 })).toBe(100 * blocks.length);
  expect(blocks.length).toBeGreaterThan(1);
  expect(blocks.every((calls) => calls === 100)).toBe(true);
});

it('asks for as many calls as iterations are wanted, and for one where that is enough', async () => {
  const ordinary = worked();
  expect(await workFor(ordinary.work, { ms: 10_000, iterations: 83 })).toBe(83);
  expect(ordinary.blocks[0]).toBe(1);
  const load = worked(5000);
  expect(await workFor(load.work, { ms: 10_000, iterations: 500 })).toBe(5000);
  expect(load.blocks).toEqual([1]);
});

it('works at least once, and ends with its time, its signal, or when it is told to', async () => {
  for (const options of [{ ms: 0 }, { ms: 1e4, signal: AbortSignal.abort() }, { ms: 1e4, onBlock: () => true }]) {
    const { work, blocks } = worked();
    expect(await workFor(work, options)).toBe(1);
    expect(blocks).toEqual([1]);
  }
});
