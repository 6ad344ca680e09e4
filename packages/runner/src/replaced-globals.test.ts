import { afterEach, expect, it } from 'vitest';
import { replacedText, watchGlobals } from './replaced-globals.ts';

const { now } = Date;
const { setTimeout } = globalThis;
afterEach(() => {
  Date.now = now;
  globalThis.setTimeout = setTimeout;
});

it('names what is not as it was, and nothing that was put back', () => {
  const replaced = watchGlobals();
  expect(replaced()).toEqual([]);
  Date.now = () => 0;
  globalThis.setTimeout = (() => 0) as unknown as typeof setTimeout;
  expect(replaced()).toEqual(['Date.now', 'setTimeout']);
  Date.now = now;
  expect(replaced()).toEqual(['setTimeout']);
  expect(replacedText(replaced())).toMatch(/^its code replaced setTimeout and left it so: times are of the real clock/);
});
