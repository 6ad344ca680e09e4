import type { PlannedWork } from './plan-work.ts';

/** Whether most of what is sent is meant to be answered elsewhere: one such request among many says nothing of the others. */
export function expectsRedirects(work: PlannedWork): boolean {
  if (work.kind !== 'requests') return false;
  const meant = work.requests.filter(({ expect = 0 }) => expect >= 300 && expect < 400);
  return 2 * meant.length > work.requests.length;
}
