import { Command, CommanderError } from 'commander';
import type { Io } from './io.ts';
import { readVersion } from './version.ts';

// Everything else is imported by the command that needs it: `--help` loads the argument parser and nothing heavy.

const exitCodes = `
Exit codes:
  0    pass or warn
  1    an objective or a comparison failed
  2    wrong usage, declaration or configuration
  3    inconclusive: the report says what would decide
  4    could not measure, or nothing ran
  130  interrupted; what had been measured is kept, and perfkeel resume goes on`;

/** Runs one command line and returns the exit code. Never throws, never exits the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const finish = (code: number): void => void (exitCode = code);
  const program = createProgram(io, finish);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has already written its message; its own code for wrong usage is 1, which here means something else.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { reportError } = await import('./error-report.ts');
    return reportError(error, io, argv.includes('--verbose'));
  }
}

type Finish = (exitCode: number) => void;

function createProgram(io: Io, finish: Finish): Command {
  const program = new Command('perfkeel')
    .description('Performance tests for TypeScript and Node with verdicts that can be trusted.')
    .version(readVersion())
    .addHelpText('after', exitCodes)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
    })
    .showHelpAfterError('(perfkeel --help lists the commands)');
  addRun(program, io, finish);
  addResume(program, io, finish);
  addCompare(program, io, finish);
  addReport(program, io, finish);
  addBaseline(program, io, finish);
  addHeap(program, io, finish);
  addSetUp(program, io, finish);
  return program;
}

/** Options that every command takes which reads results. */
const withFolder = (command: Command): Command =>
  command
    .option('-C, --dir <folder>', 'the project; the folder of its perf.config, or where results are')
    .option('--verbose', 'stacks, details, and what benchmarks print');

const whole = (text: string): number => (/^[1-9]\d*$/.test(text) ? Number(text) : NaN);

function addRun(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('run'))
    .description('measure what *.perf.ts files declare, judge it, and keep the results')
    .argument('[filter...]', 'perf files, folders, or parts of benchmark names')
    .option('-k, --kind <kind...>', 'only these kinds: bench, latency, load, leak, startup')
    .option('-t, --tag <tag...>', 'only benchmarks with one of these tags')
    .option('-r, --rounds <n>', 'rounds of every benchmark, each in a fresh process', whole)
    .option('--seed <n>', 'another order and other arrivals; the same seed repeats them', whole)
    .option('--against <name>', 'also compare with this baseline or run')
    .option('--short', 'a rehearsal: one quick round of everything, nothing is judged')
    .option('--json', 'print the run as JSON on stdout')
    .option('--strict', 'warnings and inconclusive results fail too')
    .action(async (filters: string[], options: Record<string, unknown>) => {
      const { runCommand } = await import('./commands/run.ts');
      finish(await runCommand(filters, options, io));
    });
}

function addResume(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('resume'))
    .description('go on with a run that was interrupted or killed')
    .argument('[run]', 'the beginning of its id; default: the newest that has not ended')
    .option('--partial', 'measure no more: report what had been measured')
    .option('--json', 'print the report as JSON on stdout')
    .option('--strict', 'warnings and inconclusive results fail too')
    .action(async (run: string | undefined, options: Record<string, unknown>) => {
      const { resumeCommand } = await import('./commands/resume.ts');
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
      const { compareCommand } = await import('./commands/compare.ts');
      finish(await compareCommand(names, options, io));
    });
}

function addReport(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('report'))
    .description('write a report of a stored run')
    .argument('[run]', 'a run, a baseline, or a run.json file; default: the newest run')
    .option('-f, --format <format>', 'terminal, json, md or html', 'terminal')
    .option('-o, --out <file>', 'write there instead of to stdout')
    .action(async (run: string | undefined, options: Record<string, unknown>) => {
      const { reportCommand } = await import('./commands/report.ts');
      finish(await reportCommand(run, options, io));
    });
}

function addBaseline(program: Command, io: Io, finish: Finish): void {
  const baseline = program.command('baseline').description('named runs to compare with');
  withFolder(baseline.command('list'))
    .description('all baselines and the newest runs')
    .action(async (options: Record<string, unknown>) => {
      const { listBaselines } = await import('./commands/baseline.ts');
      finish(await listBaselines(options, io));
    });
  withFolder(baseline.command('show'))
    .description('one baseline with its history')
    .argument('<name>')
    .action(async (name: string, options: Record<string, unknown>) => {
      const { showBaseline } = await import('./commands/baseline.ts');
      finish(await showBaseline(name, options, io));
    });
  withFolder(baseline.command('set'))
    .description('point a baseline at a run; earlier versions stay in its history')
    .argument('<name>', 'such as main or release/1.4')
    .argument('[run]', 'default: the newest run')
    .option('--reason <text>', 'why, for whoever reads the history')
    .action(async (name: string, run: string | undefined, options: Record<string, unknown>) => {
      const { setBaseline } = await import('./commands/baseline.ts');
      finish(await setBaseline(name, run, options, io));
    });
}

function addHeap(program: Command, io: Io, finish: Finish): void {
  const heap = program.command('heap').description('what heap snapshots of Node say');
  heap
    .command('diff')
    .description('name the containers that grow from one snapshot of a process to the next')
    .argument('<first>', 'a .heapsnapshot file, also .gz or .br')
    .argument('<second>', 'a later one of the same process')
    .argument('[third]', 'with it, growth that goes on is told from growth that happened once')
    .option('-i, --iterations <n>', 'iterations between two snapshots, for rates', whole)
    .option('--json', 'print the findings as JSON')
    .option('--verbose', 'stacks and details')
    .action(async (first: string, second: string, third: string | undefined, options: Record<string, unknown>) => {
      const { heapDiffCommand } = await import('./commands/heap.ts');
      const files = [first, second, third].filter((file) => file !== undefined);
      finish(await heapDiffCommand(files, options, io));
    });
  heap
    .command('top')
    .description('classes by retained size, and the objects that keep most alive')
    .argument('<file>', 'a .heapsnapshot file, also .gz or .br')
    .option('--json', 'print both lists as JSON')
    .option('--verbose', 'stacks and details')
    .action(async (file: string, options: Record<string, unknown>) => {
      const { heapTopCommand } = await import('./commands/heap.ts');
      finish(await heapTopCommand(file, options, io));
    });
}

function addSetUp(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('init'))
    .description('write perf.config.ts and a first benchmark; never overwrites')
    .action(async (options: Record<string, unknown>) => {
      const { initCommand } = await import('./commands/init.ts');
      finish(await initCommand(options, io));
    });
  withFolder(program.command('doctor'))
    .description('is this machine fit to measure?')
    .option('--json', 'print the findings as JSON')
    .action(async (options: Record<string, unknown>) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      finish(await doctorCommand(options, io));
    });
}
