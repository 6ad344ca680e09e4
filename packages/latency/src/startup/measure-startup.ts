import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PerfError, type Clock, type Warning } from '@perfkeel/core';
import { fullContext, type MeasureContext } from '../measure-context.ts';
import { createLauncher } from './create-launcher.ts';
import { startGuard } from './guard.ts';
import type { Launcher } from './launch.ts';
import { environmentPadding } from './padding.ts';
import { planStartup, type StartupPlan, type StartupSubject } from './plan-startup.ts';
import { timeOneStart, type Start } from './time-one-start.ts';

/** Where a direct call measures, and the seed of the environment's padding. @default 1 */
export interface StartupContext extends MeasureContext {
  readonly seed?: number;
}

/** What a series of starts says. */
export interface StartupResult {
  /** Nanoseconds from the moment at which the system runs the program until it is ready, in the order of the starts. */
  readonly startupTime: readonly number[];
  /** The same starts with everything that is known of them. */
  readonly starts: readonly Start[];
  readonly warnings: readonly Warning[];
}

/** The live display takes no more. */
const progressMs = 250;

/**
 * Times the start of a real process, from its first instruction until it is ready. Each process is stopped, with all that
 * it has started, before the next begins; also when something fails, and when this process is killed.
 *
 * @throws PerfError `startup-failed`, exit code 4, with the end of its stderr, when it exits too early or with another
 * code than 0, cannot be started, or is not ready in time
 * @example
 * const { startupTime } = await measureStartup({ command: ['node', 'server.js'], ready: 'port', samples: 5 });
 */
export async function measureStartup(subject: StartupSubject, context: StartupContext = {}): Promise<StartupResult> {
  const plan = planStartup(subject);
  context.signal?.throwIfAborted();
  checkFolder(plan);
  return measureStarts(plan, context, createLauncher);
}

/** `measureStartup` with another way to start programs. */
export async function measureStarts(
  plan: StartupPlan,
  context: StartupContext,
  createLauncher: (plan: StartupPlan, clock: Clock) => Launcher | Promise<Launcher>,
): Promise<StartupResult> {
  const { clock, signal, short, progress } = fullContext(context);
  const [warmup, all] = short ? [0, 1] : [plan.warmup, plan.warmup + plan.samples];
  const launcher = await createLauncher(plan, clock);
  const guard = await startGuard();
  const starts: Start[] = [];
  const report = occasionally(progress);
  try {
    for (let start = 0; start < all; start++) {
      const padding = environmentPadding(context.seed ?? 1, start);
      starts.push(await timeOneStart(plan, padding, { launcher, clock, guard, signal }));
      report(`${start + 1} of ${all} starts`, start + 1 === all);
    }
  } finally {
    launcher.close();
    await guard.close();
  }
  return summarise(plan, starts.slice(warmup));
}

const summarise = (plan: StartupPlan, starts: readonly Start[]): StartupResult => ({
  startupTime: starts.map(({ startupTime }) => startupTime),
  starts,
  warnings: warningsOf(plan, starts),
});

function occasionally(progress: (text: string) => void): (text: string, last: boolean) => void {
  let next = -Infinity;
  return (text, last) => {
    const now = performance.now();
    if (!last && now < next) return;
    next = now + progressMs;
    progress(text);
  };
}

function checkFolder({ cwd }: StartupPlan): void {
  if (cwd === undefined || existsSync(cwd)) return;
  throw new PerfError(`the folder of the command does not exist: ${resolve(cwd)}`, {
    code: 'startup-failed',
    hint: 'Correct `cwd`.',
    excerpt: cwd,
  });
}

/** A program that answers once and then no more has started, and has something wrong with it. */
function warningsOf({ ready }: StartupPlan, starts: readonly Start[]): readonly Warning[] {
  if (ready.kind !== 'http' && ready.kind !== 'mcp') return [];
  const failed = starts.filter(({ warmResponse }) => warmResponse === undefined).length;
  if (failed === 0) return [];
  return [
    {
      code: 'second-request-failed',
      message: `${failed} of ${starts.length} starts gave no good answer to the second request`,
    },
  ];
}
