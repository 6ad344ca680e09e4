import { msFromNanos } from '@perfkeel/core';
import type { Phase } from './profile/phase.ts';

/**
 * Tells when phases begin that are measured, and when they end: only what is allocated in them belongs to the requests
 * that count. @returns to be called when the load has ended
 */
export function countPhases(phases: readonly Phase[], counting: (moment: 'begins' | 'ends') => void): () => void {
  let isCounting = false;
  const turn = (record: boolean): void => {
    if (record === isCounting) return;
    isCounting = record;
    counting(record ? 'begins' : 'ends');
  };
  let beginsMs = 0;
  const timers = phases.flatMap(({ record, duration }, i) => {
    const atMs = beginsMs;
    beginsMs += msFromNanos(duration);
    // The first one begins at once: a timer would be late.
    return i === 0 ? (turn(record), []) : [setTimeout(() => turn(record), atMs)];
  });
  return () => {
    timers.forEach(clearTimeout);
    turn(false);
  };
}
