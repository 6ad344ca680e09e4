import { expect, it, onTestFinished, vi } from 'vitest';
import type { Work } from './repeat.ts';
import { workFor } from './work-for.ts';

/** Work of which every call completes so many iterations; `blocks` has the calls that were asked for. */
function worked(perCall = 1, take = () => {}): { work: Work; blocks: number[] } {
  const blocks: number[] = [];
  const work: Work = (calls) => {
    blocks.push(calls);
    take();
    return Promise.resolve(calls * perCall);
  };
  return { work, blocks };
}

it('keeps all clients at work, however slow each call is', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { work, blocks } = worked(1, () => vi.advanceTimersByTime(60));
  expect(await workFor(work, { ms: 150, clients: 100 })).toBe(300);
  expect(blocks).toEqual([100, 100, 100]);
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
