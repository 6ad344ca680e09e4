import { existsSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { Clock } from '@perfkeel/core';
import { howItEnded, programOf, spawnGroup, type Launched, type Launcher, type LaunchOptions } from './launch.ts';
import { callNumbers, controlFd, leanProgram } from './lean-program.ts';
import { leanReports } from './lean-reports.ts';

/** Debian, Ubuntu and their images always have it. */
const interpreters: readonly string[] = ['/usr/bin/perl', '/usr/local/bin/perl', '/bin/perl'];

/** The interpreter of the lean launcher, where there is one; whether it works is seen by `createLauncher`. */
export const leanInterpreter = (): string | undefined =>
  process.platform === 'linux' && callNumbers[process.arch] ? interpreters.find((path) => existsSync(path)) : undefined;

/**
 * Starts programs through a small process of its own. The system copies it in a fifth of a millisecond, it wakes at once,
 * and it is told what the program took. The measuring process is large, slow to copy, and Node drops that account.
 */
export const leanLauncher = (interpreter: string): Launcher => ({
  launch: (options, clock) => launch(interpreter, options, clock),
  close: () => undefined,
});

function launch(interpreter: string, options: LaunchOptions, clock: Clock): Launched {
  const { command, env } = options;
  const numbers = callNumbers[process.arch]!;
  // Without it an interpreter in an unknown locale complains on the stderr of the program.
  const quiet = env['PERL_BADLANG'] === undefined;
  const settings = [numbers.clockGettime, numbers.wait4, quiet ? 1 : ''].map(String);
  const words = ['-e', leanProgram, '--', ...settings, programOf(command), ...command.slice(1)];
  const inherited = quiet ? { ...env, PERL_BADLANG: '0' } : env;
  const child = spawnGroup(interpreter, words, { ...options, env: inherited }, true);
  const reports = leanReports(child.stdio[controlFd] as Duplex | null | undefined, command[0]!, clock);
  child.once('error', ({ message }) => reports.gone(message));
  // Killed together with its program it reports nothing; what it has reported is read before the end of its pipes.
  child.once('exit', (code, signal) => {
    if (signal !== null) reports.gone(howItEnded(code, signal));
  });
  child.once('close', (code, signal) => reports.gone(howItEnded(code, signal)));
  return { child, begun: reports.begun, ended: reports.ended, cpuTime: reports.cpuTime };
}
