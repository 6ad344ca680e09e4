import { expect, it } from 'vitest';
import { SharedBudget } from './shared-budget.ts';

it('what one project leaves is for those behind it, and who takes too long leaves a second', () => {
  const budget = new SharedBudget(600_000);
  expect(budget.shareMs(3)).toBe(200_000);
  // Nothing had to be measured.
  budget.spend(0);
  expect(budget.shareMs(2)).toBe(300_000);
  budget.spend(650_000);
  expect(budget.shareMs(1)).toBe(1000);
});
