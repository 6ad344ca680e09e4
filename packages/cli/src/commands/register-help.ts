import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { Finish } from './registration.ts';

export function registerHelp(program: Command, io: Io, finish: Finish): void {
  program
    .command('help')
    .description('a command, or a topic: objectives, units, exit-codes, comparing, noise, config and others')
    .argument('[topic...]', 'a command or a topic; without one, all of them')
    .action(async (words: string[]) => {
      const { helpCommand } = await import('./help.ts');
      finish(helpCommand(words, program, io));
    });
  program
    .command('completion')
    .description('print what teaches a shell to complete commands, options and names of benchmarks')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionCommand } = await import('./completion.ts');
      finish(completionCommand(shell, io));
    });
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { completeWords } = await import('./complete-words.ts');
      finish(await completeWords(words, program, io));
    });
}
