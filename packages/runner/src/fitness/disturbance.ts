import type { ProcessTimes } from './process-table.ts';
import type { RoundMoment } from './round-moment.ts';

/** What else happened on the machine during a part of a round. */
export interface Disturbance {
  readonly seconds: number;
  /** Processors that programs outside of the round kept busy, on average. `undefined` when that cannot be told. */
  readonly foreign: number | undefined;
  readonly processors: number;
  /** The share of all processor time that anybody used, the round too. */
  readonly busy: number;
  /** The share of the time in which the process of the round that waited most had no processor. */
  readonly waited: number;
  /** The share of the processor time wanted here that other virtual machines got. */
  readonly stolen: number;
  /** The share of the time in which the control group was paused for having used up its quota. */
  readonly paused: number;
  /** The program outside of the round that used most. */
  readonly busiest?: { readonly name: string; readonly pid: number; readonly processors: number } | undefined;
}

const keyOf = ({ pid, started }: ProcessTimes): string => `${pid} ${started}`;

/** When a process ends, what it used moves to the process that waited for it: the sum over a family stays. */
const total = (family: readonly ProcessTimes[]): number =>
  family.reduce((sum, { usedMs, reapedMs }) => sum + usedMs + reapedMs, 0);

const notForeign = ({ own, runnerMs, kernelMs }: RoundMoment): number => total(own) + runnerMs + kernelMs;

/**
 * What happened between two moments of a round. Pure.
 *
 * Foreign time is the busy time of the machine less that of the round's own processes, of the runner and of the
 * kernel's threads. All are counted in ticks, so that a part shorter than a few hundred milliseconds says little.
 */
export function disturbanceBetween(from: RoundMoment, to: RoundMoment, ownIsKnown = true): Disturbance {
  const elapsedMs = to.atMs - from.atMs;
  const busyMs = to.processors.busyMs - from.processors.busyMs;
  const stolenMs = to.processors.stolenMs - from.processors.stolenMs;
  const ownMs = notForeign(to) - notForeign(from);
  return {
    seconds: elapsedMs / 1000,
    processors: to.processors.processors,
    busy: busyMs / elapsedMs / to.processors.processors,
    foreign: ownIsKnown ? Math.max(0, busyMs - ownMs) / elapsedMs : undefined,
    waited: longestWait(from, to) / elapsedMs,
    stolen: stolenMs <= 0 ? 0 : stolenMs / (busyMs + stolenMs),
    paused: (to.pausedMs - from.pausedMs) / elapsedMs,
    busiest: busiestOf(from, to, elapsedMs),
  };
}

function longestWait(from: RoundMoment, to: RoundMoment): number {
  const waits = [...to.queues].map(([pid, { waitedMs }]) => waitedMs - (from.queues.get(pid)?.waitedMs ?? 0));
  return Math.max(0, ...waits);
}

function busiestOf(from: RoundMoment, to: RoundMoment, elapsedMs: number): Disturbance['busiest'] {
  const before = new Map(from.others.map((process) => [keyOf(process), process.usedMs]));
  const used = to.others.map((process) => ({ process, ms: process.usedMs - (before.get(keyOf(process)) ?? 0) }));
  const [first] = used.sort((a, b) => b.ms - a.ms);
  if (first === undefined || first.ms <= 0) return undefined;
  return { name: first.process.name, pid: first.process.pid, processors: first.ms / elapsedMs };
}
