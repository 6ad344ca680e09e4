import { expect, it } from 'vitest';
import { SharedBudget, writtenMs } from './shared-budget.ts';

it('what one project leaves is for those behind it, and who takes too long leaves a second', () => {
  const budget = new SharedBudget(600_000);
  expect(budget.shareMs(3)).toBe(200_000);
  // Nothing had to be measured.
  budget.spend(0);
  expect(budget.shareMs(2)).toBe(300_000);
  budget.spend(650_000);
  expect(budget.shareMs(1)).toBe(1000);
});

it('what would be enough is enough for each of them, in their order', () => {
  const budget = new SharedBudget(60_000);
  expect(budget.enoughMs()).toBeUndefined();
  budget.spend(20_000, 90_000);
  budget.spend(1000);
  budget.spend(30_000, 40_000);
  const enough = budget.enoughMs()!;
  // The first gets a third, and needs the most.
  expect(enough).toBe(270_000);
  const again = new SharedBudget(enough);
  for (const [i, needed] of [90_000, 1000, 40_000].entries()) {
    expect(again.shareMs(3 - i)).toBeGreaterThanOrEqual(needed);
    again.spend(needed);
  }
  expect(again.enoughMs()).toBeUndefined();
});

it('what a later one needs is found behind what those before it take', () => {
  const budget = new SharedBudget(60_000);
  budget.spend(20_000);
  budget.spend(30_000, 80_000);
  expect(budget.enoughMs()).toBe(100_000);
});

it('is written as a user would', () => {
  expect([600_000, 100_000, 200_500].map(writtenMs)).toEqual(['10m', '100s', '200500ms']);
});
