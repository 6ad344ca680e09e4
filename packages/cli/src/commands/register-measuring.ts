import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { listed, reporterHelp, whole, withFolder, type Finish } from './registration.ts';

export function registerMeasuring(program: Command, io: Io, finish: Finish): void {
  addRun(program, io, finish);
  addChoosing(program, io, finish);
  addResume(program, io, finish);
  addCompare(program, io, finish);
}

function addRun(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('run'))
    .description('measure what *.perf.ts files declare, judge it, and keep the results')
    .argument('[filter...]', 'perf files, folders, or parts of names of benchmarks or, where none has it, of files')
    .option(
      '-k, --kind <kind...>',
      'only these kinds: bench, latency, load, capacity, leak, startup, concurrency, mcp, tokens, llm',
    )
    .option('-t, --tag <tag...>', 'only benchmarks with one of these tags')
    .option('-p, --project <name...>', 'in a workspace only these projects, by name or folder')
    .option('-r, --rounds <n>', 'rounds of every benchmark, each in a fresh process', whole)
    .option('--seed <n>', 'another order and other arrivals; the same seed repeats them', whole)
    .option('--against <name>', 'also compare with this baseline or run')
    .option('--short', 'a rehearsal: one quick round of everything, nothing is judged')
    .option('--affected', 'only perf files that a change can reach; says why, as perfkeel affected')
    .option('--base <ref>', 'with --affected: changes since this checkout left a branch, tag or commit')
    .option('--reporter <list>', reporterHelp, listed)
    .option('--json', 'print the run as JSON on stdout')
    .option('--strict', 'warnings and inconclusive results fail too')
    .option('-w, --watch', 'measure again what a change can reach, until Ctrl-C')
    .action(async (filters: string[], options: Record<string, unknown>) => {
      if (options['watch'] === true) {
        const { watchCommand } = await import('./watch.ts');
        finish(await watchCommand(filters, options, io));
        return;
      }
      const { runCommand } = await import('./run.ts');
      finish(await runCommand(filters, options, io));
    });
}

function addChoosing(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('affected'))
    .description('which perf files a change can reach, and why; measures nothing')
    .option('--base <ref>', 'changes since this checkout left a branch, tag or commit (default: main)')
    .option('--head <commit>', 'count up to this commit instead of the working tree')
    .option('--files <path...>', 'what changed, instead of what git says')
    .option('--projects', 'print only the names of projects to measure')
    .option('--markdown', 'print it for a pull request')
    .option('--json', 'print it as JSON')
    .action(async (options: Record<string, unknown>) => {
      const { affectedCommand } = await import('./affected.ts');
      finish(await affectedCommand(options, io));
    });
  withFolder(program.command('list'))
    .description('which benchmarks exist, from their declarations; measures nothing')
    .argument('[filter...]', 'perf files, folders, or parts of names of benchmarks or, where none has it, of files')
    .option('-k, --kind <kind...>', 'only these kinds')
    .option('-t, --tag <tag...>', 'only benchmarks with one of these tags')
    .option('-p, --project <name...>', 'in a workspace only these projects, by name or folder')
    .option('--json', 'print them as JSON')
    .action(async (filters: string[], options: Record<string, unknown>) => {
      const { listCommand } = await import('./list.ts');
      finish(await listCommand(filters, options, io));
    });
}

function addResume(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('resume'))
    .description('go on with a run that was interrupted or killed')
    .argument('[run]', 'the beginning of its id; default: the newest that has not ended')
    .option('--partial', 'measure no more: report what had been measured')
    .option('--reporter <list>', reporterHelp, listed)
    .option('--json', 'print the report as JSON on stdout')
    .option('--strict', 'warnings and inconclusive results fail too')
    .action(async (run: string | undefined, options: Record<string, unknown>) => {
      const { resumeCommand } = await import('./resume.ts');
      finish(await resumeCommand(run, options, io));
    });
}

function addCompare(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('compare'))
    .description('is this checkout slower? Two stored runs, or with --against both sides measured here, in turns')
    .argument(
      '[names...]',
      'base and head: baselines or runs (default: main and the newest run); with --against: as run',
    )
    .option('--against <ref>', 'measure this working tree against the commit where it left a branch, tag or commit')
    .option('--budget <time>', 'how long to measure both sides', '10m')
    .option('-r, --rounds <n>', 'rounds a side at most', whole)
    .option('--seed <n>', 'another order and other arrivals; the same seed repeats them', whole)
    .option('-k, --kind <kind...>', 'only these kinds')
    .option('-t, --tag <tag...>', 'only benchmarks with one of these tags')
    .option('--calibrate', 'also measure what is identical on both sides: what differs then is noise')
    .option('--json', 'print the comparison as JSON on stdout')
    .option('--strict', 'warnings and inconclusive results fail too')
    .action(async (names: string[], options: Record<string, unknown>) => {
      const { compareCommand } = await import('./compare.ts');
      finish(await compareCommand(names, options, io));
    });
}
