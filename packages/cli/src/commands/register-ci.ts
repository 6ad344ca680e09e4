import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { whole, withFolder, type Finish } from './registration.ts';

export function registerCi(program: Command, io: Io, finish: Finish): void {
  addCi(program, io, finish);
}

function addCi(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('ci'))
    .description('compare this commit with the right base, and write files for the pull request')
    .option('--base <ref>', 'auto, or a branch, tag or commit', 'auto')
    .option('-o, --out <folder>', 'where the files go', 'perf-out')
    .option('-p, --project <name...>', 'only these, by name or folder')
    .option('--all', 'also what no change can reach')
    .option('--budget <time>', 'how long to measure all of them', '10m')
    .option('-r, --rounds <n>', 'rounds a side at most', whole)
    .option('--calibrate', 'also measure what is identical on both sides: what differs then is noise')
    .option('--sarif', 'also write perf.sarif')
    .option('--leg <name>', 'the name of this leg of a matrix, such as "node 22"')
    .option('--scope <name>', 'the name of the comment, when a pull request has several', 'main')
    .option('--allow-inconclusive', 'exit with 0 when the measurements cannot decide')
    .option('--strict', 'warnings and inconclusive results fail too')
    .action(async (options: Record<string, unknown>) => {
      const { ciCommand } = await import('./ci.ts');
      finish(await ciCommand(options, io));
    });
  withFolder(program.command('accept'))
    .description('write down that a regression is meant: a file that is reviewed with the change')
    .argument('[pattern]', 'what a report calls it: "checkout p99"; * stands for any text')
    .option('--reason <text>', 'why it is worth it')
    .option('--max <change>', 'the largest change that is meant: +12% of base, or as told: "+3 points", +64B/op')
    .option('--expires <day>', 'the last day on which it holds, such as 2027-01-31')
    .option('--list', 'what was accepted until now')
    .action(async (pattern: string | undefined, options: Record<string, unknown>) => {
      const { acceptCommand } = await import('./accept.ts');
      finish(await acceptCommand(pattern, options, io));
    });
  addCiParts(program, io, finish);
}

function addCiParts(program: Command, io: Io, finish: Finish): void {
  program
    .command('merge')
    .description('join what several jobs of perfkeel ci wrote into one report')
    .argument('<folders...>', 'the folders that they wrote')
    .option('-o, --out <folder>', 'where the files go', 'perf-out')
    .option('--sarif', 'also write perf.sarif')
    .option('--scope <name>', 'the name of the comment, when a pull request has several', 'main')
    .option('--allow-inconclusive', 'exit with 0 when the measurements cannot decide')
    .option('--verbose', 'stacks and details')
    .action(async (folders: string[], options: Record<string, unknown>) => {
      const { mergeCommand } = await import('./merge.ts');
      finish(await mergeCommand(folders, options, io));
    });
  program
    .command('publish')
    .description('keep one comment of a GitHub pull request up to date; for jobs that have a token')
    .option('--from <folder>', 'what perfkeel ci or merge wrote; it is not trusted', 'perf-out')
    .option('--event <file>', 'the event of GitHub; default: $GITHUB_EVENT_PATH')
    .option('--comment <when>', 'on-change: the first comment only when there is news; or always', 'on-change')
    .option('--scope <name>', 'the name of the comment, when a pull request has several', 'main')
    .option('--strict', 'exit with 4 when it cannot be published')
    .option('--verbose', 'stacks and details')
    .action(async (options: Record<string, unknown>) => {
      const { publishCommand } = await import('./publish.ts');
      finish(await publishCommand(options, io));
    });
}
