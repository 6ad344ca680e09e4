import { setTimeout as pause } from 'node:timers/promises';

/** Work in small steps: whoever does it may pause after each of them. */
export type Steps<T> = Generator<void, T, void>;

/** All steps at once. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** In milliseconds. What is due meanwhile is late by that at most, and the thread has most of its time for it. */
const sliceMs = 0.5;
const restMs = 1;

/** In slices with pauses between them, for a thread that has something else to do on time. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  let until = performance.now() + sliceMs;
  let step = steps.next();
  while (step.done !== true) {
    if (performance.now() >= until) {
      await pause(restMs);
      until = performance.now() + sliceMs;
    }
    step = steps.next();
  }
  return step.value;
}
