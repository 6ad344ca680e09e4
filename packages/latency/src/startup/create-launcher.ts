import type { Clock } from '@perfkeel/core';
import { directLauncher } from './direct-launcher.ts';
import { createExitHook } from './exit-hook.ts';
import { programOf, type Launcher } from './launch.ts';
import { leanInterpreter, leanLauncher } from './lean-launcher.ts';
import type { StartupPlan } from './plan-startup.ts';

/**
 * How the processor time of a start can be known here: `exact` from the kernel, `sampled` from /proc when the program is
 * ready, `reported` by a Node program at its exit.
 */
export type CpuSource = 'exact' | 'sampled' | 'reported';

/** `undefined` when it cannot be known. */
export function cpuSource(
  { command, ready }: StartupPlan,
  lean = leanInterpreter() !== undefined,
): CpuSource | undefined {
  if (lean) return 'exact';
  if (ready.kind !== 'exit') return process.platform === 'linux' ? 'sampled' : undefined;
  return programOf(command) === process.execPath ? 'reported' : undefined;
}

/** The best way that this platform offers to start the program of a plan. */
export async function createLauncher(plan: StartupPlan, clock: Clock): Promise<Launcher> {
  const interpreter = leanInterpreter();
  if (interpreter !== undefined && (await works(interpreter, plan, clock))) return leanLauncher(interpreter);
  return plainLauncher(plan);
}

/** What is left where there is no lean launcher. */
export const plainLauncher = (plan: StartupPlan): Launcher =>
  directLauncher(cpuSource(plan, false) === 'reported' ? createExitHook() : undefined);

/** Whether a program with a known end is launched and accounted for, between two readings of this process's clock. */
async function works(interpreter: string, plan: StartupPlan, clock: Clock): Promise<boolean> {
  const before = clock.now();
  const command = [interpreter, '-e', 'exit 7'];
  // With the environment of the program: some of it speaks to the interpreter.
  const env = { ...process.env, ...plan.env };
  const options = { command, cwd: undefined, env, stdin: false, stdout: false, ipc: false };
  const { child, begun, ended } = leanLauncher(interpreter).launch(options, clock);
  child.stderr?.resume();
  const [beginning, { at, code, usage }] = await Promise.all([begun, ended]);
  if (beginning === undefined || code !== 7) return false;
  const ordered = before < beginning.at && beginning.at < at && at < clock.now();
  return ordered && usage?.cpuTime !== undefined && usage.cpuTime < at - before;
}
