import type { Nanos } from '@perfkeel/core';
import type { Stripe } from './arrival-schedule.ts';
import { windowsOf, type Phase, type Window } from './phase.ts';

/** From `at` on, in nanoseconds since the start of the run, there are so many clients. */
export interface ClientChange {
  readonly at: Nanos;
  readonly clients: number;
}

/**
 * When clients join and leave: at any moment there are as many as the whole number nearest to the line of the phase. So
 * the time that all clients together are there is the area under the line, and a ramp down mirrors a ramp up.
 *
 * @returns in order of time; clients of several that join at once are one change
 */
export function clientChanges(phases: readonly Phase[]): readonly ClientChange[] {
  const windows = windowsOf(phases);
  const changes: ClientChange[] = [];
  let clients = 0;
  for (const [i, phase] of phases.entries()) {
    for (const change of changesWithin(phase, windows[i]!)) {
      if (change.clients !== clients) changes.push(change);
      clients = change.clients;
    }
  }
  return changes;
}

/** The clients of one worker: every `of`-th, beginning with client `worker`. All parts together are all clients. */
export function changesOfWorker(changes: readonly ClientChange[], { worker, of }: Stripe): readonly ClientChange[] {
  const own: ClientChange[] = [];
  for (const { at, clients } of changes) {
    const mine = Math.max(0, Math.ceil((clients - worker) / of));
    if (mine !== (own.at(-1)?.clients ?? 0)) own.push({ at, clients: mine });
  }
  return own;
}

function changesWithin({ level: { from, to }, duration }: Phase, { start }: Window): ClientChange[] {
  const changes: ClientChange[] = [{ at: start, clients: Math.round(from) }];
  const direction = Math.sign(to - from);
  // The nearest whole number changes half-way between two of them.
  for (let clients = Math.round(from); clients !== Math.round(to);) {
    const share = (clients + direction / 2 - from) / (to - from);
    clients += direction;
    changes.push({ at: (start + share * duration) as Nanos, clients });
  }
  return changes;
}
