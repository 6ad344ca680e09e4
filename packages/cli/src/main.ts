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
  addChoosing(program, io, finish);
  addResume(program, io, finish);
  addCompare(program, io, finish);
  addCi(program, io, finish);
  addReport(program, io, finish);
  addBaseline(program, io, finish);
  addTrend(program, io, finish);
  addExchange(program, io, finish);
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
    .option('--affected', 'only perf files that a change can reach; says why, as perfkeel affected')
    .option('--base <ref>', 'with --affected: changes since this checkout left a branch, tag or commit')
    .option('--json', 'print the run as JSON on stdout')
    .option('--strict', 'warnings and inconclusive results fail too')
    .action(async (filters: string[], options: Record<string, unknown>) => {
      const { runCommand } = await import('./commands/run.ts');
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
      const { affectedCommand } = await import('./commands/affected.ts');
      finish(await affectedCommand(options, io));
    });
  withFolder(program.command('list'))
    .description('which benchmarks exist, from their declarations; measures nothing')
    .argument('[filter...]', 'perf files, folders, or parts of benchmark names')
    .option('-k, --kind <kind...>', 'only these kinds')
    .option('-t, --tag <tag...>', 'only benchmarks with one of these tags')
    .option('--json', 'print them as JSON')
    .action(async (filters: string[], options: Record<string, unknown>) => {
      const { listCommand } = await import('./commands/list.ts');
      finish(await listCommand(filters, options, io));
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
      const { ciCommand } = await import('./commands/ci.ts');
      finish(await ciCommand(options, io));
    });
  withFolder(program.command('accept'))
    .description('write down that a regression is meant: a file that is reviewed with the change')
    .argument('[pattern]', 'what a report calls it: "checkout p99"; * stands for any text')
    .option('--reason <text>', 'why it is worth it')
    .option('--max <change>', 'the largest change that is meant, such as +12%')
    .option('--expires <day>', 'the last day on which it holds, such as 2027-01-31')
    .option('--list', 'what was accepted until now')
    .action(async (pattern: string | undefined, options: Record<string, unknown>) => {
      const { acceptCommand } = await import('./commands/accept.ts');
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
      const { mergeCommand } = await import('./commands/merge.ts');
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
      const { publishCommand } = await import('./commands/publish.ts');
      finish(await publishCommand(options, io));
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
  addRetention(baseline, io, finish);
}

function addRetention(baseline: Command, io: Io, finish: Finish): void {
  for (const verb of ['pin', 'unpin'] as const) {
    withFolder(baseline.command(verb))
      .description(verb === 'pin' ? 'keep a run from being pruned' : 'take a pin back')
      .argument('<run>', 'a run or a baseline')
      .option('--reason <text>', 'why, for whoever reads the history')
      .action(async (run: string, options: Record<string, unknown>) => {
        const { pinCommand } = await import('./commands/baseline-retention.ts');
        finish(await pinCommand(verb, run, options, io));
      });
  }
  withFolder(baseline.command('prune'))
    .description('delete old runs; never one that is pinned or that a baseline names')
    .option('--keep <n>', 'how many of the newest stay, of each project in each environment', whole)
    .option('--older-than <days>', 'delete only runs older than this, such as 90d')
    .option('--reason <text>', 'why, for whoever reads the history')
    .option('--dry-run', 'only say what would go')
    .action(async (options: Record<string, unknown>) => {
      const { pruneCommand } = await import('./commands/baseline-retention.ts');
      finish(await pruneCommand(options, io));
    });
  for (const verb of ['verify', 'repair'] as const) {
    withFolder(baseline.command(verb))
      .description(
        verb === 'verify'
          ? 'read every record and say what is damaged; changes nothing'
          : 'set damaged records aside, finish deletions, make the index again, pack what is on a git remote',
      )
      .action(async (options: Record<string, unknown>) => {
        const { healthCommand } = await import('./commands/baseline-health.ts');
        finish(await healthCommand(verb, options, io));
      });
  }
}

function addExchange(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('import'))
    .description('store what another tool measured: vitest bench, hyperfine, k6, wrk, go test -bench and others')
    .argument('<format>', 'auto, or its name')
    .argument('<file...>', 'what the tool wrote')
    .option('--as-rounds', 'the files are processes of one measurement: one run with a round for each')
    .option('--project <name>', 'the project that was measured; default: what the file says')
    .option('--machine <name>', 'where it was measured: runs of one machine may be compared')
    .option('--name <name>', 'of the benchmark, where the file has none')
    .option('--sha <commit>', 'the commit that was measured, where the file does not say')
    .option('--branch <name>', 'its branch')
    .option('--json', 'print what was stored as JSON')
    .action(async (format: string, files: string[], options: Record<string, unknown>) => {
      const { importCommand } = await import('./commands/import.ts');
      finish(await importCommand(format, files, options, io));
    });
  withFolder(program.command('export'))
    .description('write a stored run as other tools read it')
    .argument('<format>', 'bencher, csv, customSmallerIsBetter, hgrm, ndjson, openmetrics, otlp and others')
    .argument('[run]', 'a run, a baseline, or a run.json file; default: the newest run')
    .option('--benchmark <name>', 'only this one')
    .option('--metric <id>', 'only this one, such as response-time')
    .option('-o, --out <file>', 'write there instead of to stdout')
    .action(async (format: string, run: string | undefined, options: Record<string, unknown>) => {
      const { exportCommand } = await import('./commands/export.ts');
      finish(await exportCommand(format, run, options, io));
    });
}

function addTrend(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('trend'))
    .description('what the stored runs show together: change points with their commits, drifts, forecasts')
    .argument('[series]', 'a benchmark, "<benchmark> p99", or a part of a name; * stands for any text')
    .option('--branch <name>', 'only runs of this branch')
    .option(
      '--since <name...>',
      'tell the change since these baselines, or since the merge base with these branches or tags',
    )
    .option('--last <n>', 'read this many runs at most (default: 500)', whole)
    .option('--json', 'print everything as JSON, for dashboards')
    .action(async (series: string | undefined, options: Record<string, unknown>) => {
      const { trendCommand } = await import('./commands/trend.ts');
      finish(await trendCommand(series, options, io));
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
