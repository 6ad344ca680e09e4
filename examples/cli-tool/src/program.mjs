import { Command, InvalidArgumentError } from 'commander';

function wholeNumber(text) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/**
 * The command line of `textkit`. `commands` gives the function of each subcommand, loaded already or on demand: what
 * this program says is the same, what its start costs is not.
 */
export function createProgram(commands) {
  const program = new Command('textkit').version('1.0.0').description('Small tools for text files');
  program
    .command('stats <file>')
    .description('count lines, words and characters')
    .option('-t, --top <count>', 'how many of the most frequent words to show', wholeNumber, 5)
    .action(async (file, options) => (await commands.stats())(file, options));
  program
    .command('digest <file>')
    .description('print a digest of the content')
    .option('-a, --algorithm <name>', 'the hash function', 'sha256')
    .action(async (file, options) => (await commands.digest())(file, options));
  program
    .command('serve [folder]')
    .description('serve the files of a folder')
    .option('-p, --port <port>', 'where to listen', wholeNumber, 8080)
    .action(async (folder, options) => (await commands.serve())(folder ?? '.', options));
  return program;
}

/** Runs the command line; a failure is one line on stderr and exit code 1. */
export async function main(commands) {
  try {
    await createProgram(commands).parseAsync();
  } catch (error) {
    console.error(`textkit: ${error.message}`);
    process.exitCode = 1;
  }
}
