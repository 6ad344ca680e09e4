import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { withFolder, type Finish } from './registration.ts';

export function registerSetUp(program: Command, io: Io, finish: Finish): void {
  addSetUp(program, io, finish);
}

function addSetUp(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('init'))
    .description('write perf.config.ts and a first benchmark; never overwrites')
    .action(async (options: Record<string, unknown>) => {
      const { initCommand } = await import('./init.ts');
      finish(await initCommand(options, io));
    });
  withFolder(program.command('doctor'))
    .description('is this machine fit to measure?')
    .option('--json', 'print the findings as JSON')
    .action(async (options: Record<string, unknown>) => {
      const { doctorCommand } = await import('./doctor.ts');
      finish(await doctorCommand(options, io));
    });
}
