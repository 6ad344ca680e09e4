import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerfError, formatQuantity, msFromNanos, type Clock, type Nanos } from '@perfkeel/core';
import { fullContext, type MeasureContext } from '../measure-context.ts';
import { freePort, isFree } from './free-port.ts';
import { startGuard, type Guard } from './guard.ts';
import { planStartup, type StartupPlan, type StartupSubject } from './plan-startup.ts';
import { startProcess, type StartedProcess } from './start-process.ts';
import { untilReady } from './until-ready.ts';

/** What a series of starts says. */
export interface StartupResult {
  /** Nanoseconds from spawn to ready, in the order of the starts. */
  readonly startupTime: readonly number[];
}

/** A timer of more fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Times the start of a real process, from spawn until it is ready. Each process is stopped, with all that it has
 * started, before the next begins; also when something fails, and when this process is killed.
 *
 * @throws PerfError `startup-failed`, exit code 4, with the end of its stderr, when it exits too early or with another
 * code than 0, cannot be started, or is not ready in time
 * @example
 * const { startupTime } = await measureStartup({ command: ['node', 'server.js'], ready: 'port', samples: 5 });
 */
export async function measureStartup(subject: StartupSubject, context: MeasureContext = {}): Promise<StartupResult> {
  const plan = planStartup(subject);
  const { clock, signal, short, progress } = fullContext(context);
  signal.throwIfAborted();
  checkFolder(plan);
  const guard = await startGuard();
  try {
    const startupTime: number[] = [];
    for (let start = 1; start <= (short ? 1 : plan.samples); start++) {
      startupTime.push(await timeOneStart(plan, clock, guard, signal));
      progress(`${start} of ${plan.samples} starts`);
    }
    return { startupTime };
  } finally {
    await guard.close();
  }
}

function checkFolder({ cwd }: StartupPlan): void {
  if (cwd === undefined || existsSync(cwd)) return;
  throw new PerfError(`the folder of the command does not exist: ${resolve(cwd)}`, {
    code: 'startup-failed',
    hint: 'Correct `cwd`.',
    excerpt: cwd,
  });
}

async function timeOneStart(written: StartupPlan, clock: Clock, guard: Guard, signal: AbortSignal): Promise<number> {
  const { plan, port } = await withPort(written);
  const options = { ...plan, env: { ...process.env, ...plan.env }, readsStdout: plan.ready.kind === 'stdout' };
  const started = startProcess(options, clock, guard);
  const waiting = new AbortController();
  try {
    const readyAt = await firstOf(plan, port, started, clock, AbortSignal.any([signal, waiting.signal]));
    signal.throwIfAborted();
    return readyAt - started.startedAt;
  } finally {
    waiting.abort();
    await started.stop();
  }
}

/** Ready, ended, out of time, or told to stop: whatever comes first. */
async function firstOf(
  plan: StartupPlan,
  port: number,
  started: StartedProcess,
  clock: Clock,
  signal: AbortSignal,
): Promise<Nanos> {
  const { ready } = plan;
  const exited = started.ended.then(async ({ at, code, how }) => {
    if (ready.kind === 'exit' && code === 0) return at;
    throw await failed(plan, port, started, `it ${how}`);
  });
  const overdue = sleep(Math.min(msFromNanos(plan.startTimeout), longestTimerMs), undefined, { signal }).then(
    async () => {
      throw await failed(plan, port, started, `it was not ready after ${formatQuantity(plan.startTimeout, 'ns')}`);
    },
    // Aborted: either nobody waits any longer, or the caller throws the reason.
    () => clock.now(),
  );
  const contenders = [exited, overdue];
  if (ready.kind !== 'exit') contenders.push(untilReady(ready, port, started.stdout, clock, signal));
  return Promise.race(contenders);
}

/** The same plan with `{port}` filled in. A `PORT` of the user's own stands, if nothing else answers there. */
async function withPort(plan: StartupPlan): Promise<{ plan: StartupPlan; port: number }> {
  // Not a number for `{port}`, and 0 for none.
  const own = Number(plan.env['PORT'] ?? 0);
  if (own > 0 && !(await isFree(own))) {
    throw new PerfError(`something listens on port ${own} already, so that the start cannot be seen`, {
      code: 'startup-failed',
      hint: 'Leave PORT out of `env`, or write {port}: a free port is chosen for each start.',
      excerpt: 'PORT',
    });
  }
  const port = own > 0 ? own : await freePort();
  const fill = (text: string): string => text.replaceAll('{port}', String(port));
  const env = Object.fromEntries(Object.entries(plan.env).map(([name, value]) => [name, fill(value)]));
  return { plan: { ...plan, command: plan.command.map(fill), env: { PORT: String(port), ...env } }, port };
}

function expectation({ ready }: StartupPlan, port: number): string {
  switch (ready.kind) {
    case 'exit':
      return 'it to exit with code 0';
    case 'stdout':
      return `a line on stdout that matches /${ready.pattern.source}/${ready.pattern.flags}`;
    case 'port':
      return `an open port ${port} on 127.0.0.1`;
    case 'http':
      return `an answer below 500 from http://127.0.0.1:${port}${ready.path}`;
  }
}

async function failed(plan: StartupPlan, port: number, started: StartedProcess, what: string): Promise<PerfError> {
  const words = await started.lastWords();
  const stderr = words === '' ? '; its stderr is empty' : `\n   its stderr:\n${words.replace(/^/gm, '   | ')}`;
  return new PerfError(
    `\`${plan.command.join(' ')}\` did not start: ${what}; expected ${expectation(plan, port)}${stderr}`,
    {
      code: 'startup-failed',
      hint: 'Run the command by hand; `ready`, `cwd`, `env` and `startTimeout` say what to wait for.',
    },
  );
}
