import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sorted } from '@perfkeel/core';
import { readThrottling } from './control-group.ts';
import { readPressure, type Resource } from './pressure.ts';
import { readProcessorTimes } from './processor-times.ts';

/** What a machine did while this process did nothing. */
export interface QuietTime {
  /** Processors that others kept busy, on average; `undefined` where nobody counts it. */
  readonly foreign: number | undefined;
  /** The share of all processor time that other virtual machines took. */
  readonly stolen: number | undefined;
  /** The share of the time in which some task waited for it. */
  readonly pressure: Readonly<Record<Resource, number | undefined>>;
  /** How much later than asked for timers fired, in nanoseconds, ascending. */
  readonly lateness: readonly number[];
  /** How often the control group was paused. */
  readonly pauses: number;
}

const resources = ['cpu', 'memory', 'io'] as const;
const timerMs = 2;

/** Waits and looks at what happens meanwhile. The timers that it waits with are part of what it looks at. */
export async function probeQuietly(durationMs: number, processors: number): Promise<QuietTime> {
  const before = look();
  const lateness: number[] = [];
  while (performance.now() - before.atMs < durationMs) {
    const begun = performance.now();
    await sleep(timerMs);
    lateness.push(Math.max(0, performance.now() - begun - timerMs) * 1e6);
  }
  const after = look();
  const elapsedMs = after.atMs - before.atMs;
  const change = (of: (at: Look) => number | undefined): number | undefined => {
    const [from, to] = [of(before), of(after)];
    return from === undefined || to === undefined ? undefined : Math.max(0, to - from) / elapsedMs;
  };
  const stolen = change(({ stolenMs }) => stolenMs);
  return {
    foreign: change(({ busyMs, ownMs }) => busyMs && busyMs - ownMs),
    stolen: stolen === undefined ? undefined : stolen / processors,
    pressure: {
      cpu: change(({ pressureMs: [cpu] }) => cpu),
      memory: change(({ pressureMs: [, memory] }) => memory),
      io: change(({ pressureMs: [, , io] }) => io),
    },
    lateness: sorted(lateness),
    pauses: after.pauses - before.pauses,
  };
}

interface Look {
  readonly atMs: number;
  readonly busyMs: number | undefined;
  readonly stolenMs: number | undefined;
  readonly ownMs: number;
  readonly pressureMs: readonly (number | undefined)[];
  readonly pauses: number;
}

function look(): Look {
  const { user, system } = process.cpuUsage();
  const times = readProcessorTimes();
  return {
    atMs: performance.now(),
    busyMs: times?.busyMs,
    stolenMs: times?.stolenMs,
    ownMs: (user + system) / 1000,
    pressureMs: resources.map((resource) => readPressure(resource)?.totalMs),
    pauses: readThrottling().times,
  };
}
