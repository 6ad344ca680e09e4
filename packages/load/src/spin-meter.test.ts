import { nanos } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { SpinMeter } from './spin-meter.ts';

it('counts turns of mere waiting inside the window', () => {
  const spin = new SpinMeter({ start: nanos(100), end: nanos(200) });
  expect(spin.shareUntil(50)).toBe(0);
  spin.begin(90);
  spin.turned(120); // 20 of it inside
  spin.begin(120);
  spin.worked();
  spin.turned(140); // an outcome arrived
  spin.turned(145); // nobody waited
  expect(spin.shareUntil(140)).toBe(0.5);
  spin.begin(190);
  spin.turned(250); // 10 of it inside
  expect(spin.shareUntil(300)).toBeCloseTo(0.3, 12);
});
