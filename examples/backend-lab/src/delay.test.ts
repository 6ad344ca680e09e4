import { describe, expect, it } from 'vitest';
import { parseDelay } from './delay.ts';
import { parseOptions } from './lab-options.ts';
import { createSlots } from './slots.ts';

const take = (text: string, count: number): number[] => Array.from({ length: count }, parseDelay(text));

describe('parseDelay', () => {
  it('is always the same for one time', () => {
    expect(take('20', 3)).toEqual([20, 20, 20]);
  });

  it('mixes times in exact shares, spread evenly', () => {
    expect(take('5*3,500', 8)).toEqual([5, 5, 500, 5, 5, 5, 500, 5]);
    const thousand = take('5*8,500*2', 1000);
    expect(thousand.filter((ms) => ms === 500)).toHaveLength(200);
  });

  it.each(['', 'soon', '-1', '5*0', '5*', '1e9', '70000', '5,,6'])('refuses %j', (text) => {
    expect(() => parseDelay(text)).toThrow('is not a delay');
  });
});

describe('parseOptions', () => {
  it('reads flags over defaults', () => {
    expect(parseOptions(['--workers', '4', '--delay', '5*8,500*2', '--query', '20'])).toMatchObject({
      ...{ workers: 4, delay: '5*8,500*2', queryMs: 20, backends: 0 },
    });
  });

  it.each([
    [['--workers', '0'], '--workers is 0, expected a whole number from 1 upwards'],
    [['--delay', 'long'], '"long" is not a delay'],
    [['--speed', '9'], "Unknown option '--speed'"],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message);
  });
});

describe('createSlots', () => {
  it('never has more at work than there are places, serves in order, and gives places back after failures', async () => {
    const slots = createSlots(20);
    const begun: number[] = [];
    let [now, most] = [0, 0];
    const work = async (i: number): Promise<void> => {
      begun.push(i);
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      if (i % 4 === 0) throw new Error('no');
    };
    const all = await Promise.allSettled(Array.from({ length: 2500 }, (_, i) => slots.use(() => work(i))));
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(625);
    expect([most, slots.busy, slots.waiting]).toEqual([20, 0, 0]);
    expect(begun).toEqual(Array.from({ length: 2500 }, (_, i) => i));
  });
});
