import { setTimeout as sleep } from 'node:timers/promises';
import { formatQuantity, msFromNanos, nanos, type Clock, type Nanos } from '@perfkeel/core';
import type { Guard } from './guard.ts';
import type { Ending, Launcher } from './launch.ts';
import type { StartupPlan } from './plan-startup.ts';
import { startProcess, type StartedProcess } from './start-process.ts';
import { startupFailed } from './startup-error.ts';
import { untilReady, type LivingCondition, type Readiness } from './until-ready.ts';
import type { Usage } from './usage.ts';
import { withPort } from './with-port.ts';

/** One start of a program. Times in nanoseconds; what this way of being ready, or this platform, cannot tell is left out. */
export interface Start extends Usage {
  /** From the moment at which the system runs the program, until it is ready. */
  readonly startupTime: Nanos;
  /** What the system took to make the process, before that moment. */
  readonly spawnTime: number;
  /** From the same moment to the first byte on stdout or stderr; left out when it was ready without a word. */
  readonly firstOutput?: number | undefined;
  /** From the same moment until its port accepted a connection. */
  readonly portOpen?: number | undefined;
  /** From then until the first good answer. */
  readonly firstResponse?: number | undefined;
  /** What a second request took, once it was ready. */
  readonly warmResponse?: number | undefined;
}

/** What does not change between the starts of a series. */
export interface Series {
  readonly launcher: Launcher;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly signal: AbortSignal;
}

/** A timer of more fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** A second answer may take as long as the start, and at least this long. */
const leastPatienceMs = 2000;

/** Starts the program, waits until it is ready, and ends it with all that it has started, whatever happens. */
export async function timeOneStart(
  written: StartupPlan,
  padding: Readonly<Record<string, string>>,
  { launcher, clock, guard, signal }: Series,
): Promise<Start> {
  const { plan, port } = await withPort(written, padding);
  const started = startProcess(launcher, launchOptions(plan), clock, guard);
  const waiting = new AbortController();
  const stop = AbortSignal.any([signal, waiting.signal]);
  try {
    const watch = { plan, port, started, clock, overdue: overdue(plan, stop), signal: stop };
    return await (plan.ready.kind === 'exit' ? watchToExit(watch) : watchToReady(watch, plan.ready));
  } finally {
    waiting.abort();
    await started.stop();
    // What was thrown because of it matters less than the reason.
    signal.throwIfAborted();
  }
}

function launchOptions({ command, cwd, env, ready }: StartupPlan): Parameters<Launcher['launch']>[0] {
  return {
    command,
    cwd,
    env: { ...process.env, ...env },
    stdin: ready.kind === 'mcp',
    // A program that is over by itself writes into nothing, as under hyperfine: a reader would take part in its time.
    stdout: ready.kind !== 'exit',
    ipc: ready.kind === 'ipc',
  };
}

interface Watch {
  readonly plan: StartupPlan;
  readonly port: number;
  readonly started: StartedProcess;
  readonly clock: Clock;
  /** Resolves when time is up or nobody waits any longer. */
  readonly overdue: Promise<'overdue'>;
  readonly signal: AbortSignal;
}

const overdue = ({ startTimeout }: StartupPlan, signal: AbortSignal): Promise<'overdue'> =>
  sleep(Math.min(msFromNanos(startTimeout), longestTimerMs), 'overdue' as const, { signal }).catch(() => 'overdue');

async function watchToExit(watch: Watch): Promise<Start> {
  const { plan, port, started, overdue } = watch;
  const first = await Promise.race([started.ended, overdue]);
  if (first === 'overdue') throw await tooLate(watch);
  const beginning = await started.begun;
  if (first.code !== 0 || beginning === undefined) throw await startupFailed(plan, port, started, `it ${first.how}`);
  const { at, spawnTime } = beginning;
  return { startupTime: nanos(first.at - at), spawnTime, ...first.usage };
}

async function watchToReady(watch: Watch, ready: LivingCondition): Promise<Start> {
  const { plan, port, started, signal } = watch;
  const readiness = await firstReadiness(watch, ready);
  const beginning = await started.begun;
  if (beginning === undefined) throw await startupFailed(plan, port, started, `it ${(await started.ended).how}`);
  const firstOutputAt = started.firstOutputAt();
  const usage = await started.usageNow();
  const { at, portOpenAt } = readiness;
  const patience = sleep(Math.max(leastPatienceMs, msFromNanos(nanos(at - beginning.at))), undefined, { signal });
  const warmResponse = await Promise.race([readiness.again?.(), started.ended, patience.catch(() => undefined)]);
  return {
    startupTime: nanos(at - beginning.at),
    spawnTime: beginning.spawnTime,
    ...known({
      firstOutput: firstOutputAt !== undefined && firstOutputAt <= at ? firstOutputAt - beginning.at : undefined,
      portOpen: portOpenAt && portOpenAt - beginning.at,
      firstResponse: portOpenAt && at - portOpenAt,
      warmResponse: typeof warmResponse === 'number' ? warmResponse : undefined,
    }),
    ...usage,
  };
}

/** Without what is undefined. */
function known<T extends object>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Ready, ended, out of time, or told to stop: whatever comes first. */
async function firstReadiness(watch: Watch, ready: LivingCondition): Promise<Readiness> {
  const { plan, port, started, clock, overdue, signal } = watch;
  // It may have ended right after it said that it is ready, and be known to have ended before its words are read.
  const gone = started.ended.then(async (ending): Promise<Ending> => {
    await started.drained();
    return ending;
  });
  const first = await Promise.race([untilReady(ready, port, started, clock, signal), gone, overdue]);
  if (first === 'overdue') throw await tooLate(watch);
  if ('how' in first) throw await startupFailed(plan, port, started, `it ${first.how}`);
  if ('refusal' in first) throw await startupFailed(plan, port, started, first.refusal);
  return first;
}

function tooLate({ plan, port, started, signal }: Watch): Promise<Error> {
  signal.throwIfAborted();
  const what = `it was not ready after ${formatQuantity(plan.startTimeout, 'ns')}`;
  return startupFailed(plan, port, started, what);
}
