import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttledProgress, type HarnessProgress } from './harness-progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorded(): HarnessProgress & { readonly told: [ms: number, text: string][] } {
  const began = performance.now();
  const fake = { now: () => performance.now(), later: setTimeout, cancel: clearTimeout };
  const told: [number, string][] = [];
  return { ...throttledProgress((text) => told.push([performance.now() - began, text]), fake), told };
}

it('tells the first text at once, and of those that come too soon the last one when it is time', () => {
  const { tell, told } = recorded();
  for (const text of ['a', 'b', 'c']) tell(text);
  vi.advanceTimersByTime(100);
  tell('d');
  vi.advanceTimersByTime(1000);
  tell('e');
  expect(told).toEqual([
    [0, 'a'],
    [250, 'd'],
    [1100, 'e'],
  ]);
});

it('tells at most four texts a second of a flood, and the last of all', () => {
  const { tell, told } = recorded();
  for (let ms = 0; ms < 2000; ms += 10) {
    tell(`${ms}`);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1000);
  expect(told.map(([ms]) => ms)).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
  expect(told.at(-1)).toEqual([2000, '1990']);
});

it('tells the step behind one that blocked the process at once', () => {
  const { tell, told } = recorded();
  tell('sample 48 of 48');
  tell('step 1');
  const blocked = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3000);
  vi.runOnlyPendingTimers();
  tell('step 2');
  blocked.mockRestore();
  expect(told.map(([, text]) => text)).toEqual(['sample 48 of 48', 'step 1', 'step 2']);
});

it('replaces a text that is overdue by the one that comes before its timer', () => {
  const { tell, told } = recorded();
  tell('a');
  tell('b');
  const blocked = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 300);
  tell('c');
  blocked.mockRestore();
  vi.advanceTimersByTime(1000);
  expect(told.map(([, text]) => text)).toEqual(['a', 'c']);
});

it('tells nothing once it has ended, and leaves no timer behind', () => {
  const { tell, end, told } = recorded();
  tell('a');
  tell('b');
  end();
  tell('c');
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([[0, 'a']]);
});

it('does not stand still with a clock that the user replaces', () => {
  const told: string[] = [];
  const { tell, end } = throttledProgress((text) => told.push(text));
  tell('a');
  tell('b');
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(['a']);
  expect(vi.getTimerCount()).toBe(0);
  end();
});
