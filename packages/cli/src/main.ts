import { CommanderError, type Command } from 'commander';
import { createProgram } from './commands/create-program.ts';
import type { Io } from './io.ts';

// Everything else is imported by the command that needs it: `--help` loads the argument parser and nothing heavy.

/** Runs one command line and returns the exit code. Never throws, never exits the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  // What comes before the command, such as -C, changes the world that its action sees.
  const world = { ...io };
  const program = createProgram(world, (code) => void (exitCode = code));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has already written its message; its own code for wrong usage is 1, which here means something else.
    if (error instanceof CommanderError) {
      if (error.code === 'commander.unknownOption') await translateOption(error.message, program, world);
      return error.exitCode === 0 ? 0 : 2;
    }
    const { reportError } = await import('./error-report.ts');
    return reportError(error, world, argv.includes('--verbose'));
  }
}

/** Whoever comes from another tool is told what its option is called here: `--vus` is `--clients`. */
async function translateOption(message: string, program: Command, io: Io): Promise<void> {
  const { ownWordFor } = await import('@perfkeel/core');
  const [, theirs] = /'--([\w-]+)[='].*/.exec(message) ?? [];
  const named = (word: string): Command | undefined => program.commands.find((one) => one.name() === word);
  // The first one counts: those that follow may be values of options.
  const command = program.args.map(named).find((one) => one !== undefined);
  const ours = theirs && ownWordFor(theirs, command?.options.map((option) => option.attributeName()) ?? []);
  if (ours) io.stderr.write(`\n   --${theirs} is called --${ours} here.\n`);
}
