import { nanos, type Clock } from '@perfkeel/core';
import type { ExitHook } from './exit-hook.ts';
import {
  couldNotStart,
  howItEnded,
  programOf,
  spawnGroup,
  type Ending,
  type Launched,
  type Launcher,
  type LaunchOptions,
} from './launch.ts';

/**
 * Starts programs as children of this process, on any platform. It copies itself for each, which takes a millisecond or
 * two; so the clock starts when that is over, as the system then already runs the program.
 *
 * @param hook counts what Node programs take, where the system does not tell
 */
export const directLauncher = (hook?: ExitHook): Launcher => ({
  launch: (options, clock) => launch(hook, options, clock),
  close: () => hook?.remove(),
});

function launch(hook: ExitHook | undefined, options: LaunchOptions, clock: Clock): Launched {
  const [, ...words] = options.command;
  const env = hook?.prepare(options.env) ?? options.env;
  const before = clock.now();
  const child = spawnGroup(programOf(options.command), words, { ...options, env }, false);
  const at = clock.now();
  const { pid } = child;
  const beginning = pid === undefined ? undefined : { pid, at, spawnTime: nanos(at - before), spawnCpu: 0 };
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', ({ message }) => resolve(couldNotStart(clock, message)));
    child.once('exit', (code, signal) => {
      const now = clock.now();
      resolve({ at: now, code, how: howItEnded(code, signal), usage: hook?.usage() });
    });
  });
  return { child, begun: Promise.resolve(beginning), ended, cpuTime: () => Promise.resolve(undefined) };
}
