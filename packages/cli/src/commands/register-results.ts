import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { whole, withFolder, type Finish } from './registration.ts';

export function registerResults(program: Command, io: Io, finish: Finish): void {
  addReport(program, io, finish);
  addBaseline(program, io, finish);
  addTrend(program, io, finish);
  addDashboard(program, io, finish);
  addExchange(program, io, finish);
  addHeap(program, io, finish);
}

function addReport(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('report'))
    .description('write a report of a stored run')
    .argument('[run]', 'a run, a baseline, or a run.json file; default: the newest run')
    .option(
      '-f, --format <format>',
      'one of the reporters: terminal, plain, ndjson, json, markdown, html, junit, github',
      'terminal',
    )
    .option('-o, --out <file>', 'write there instead of to stdout')
    .action(async (run: string | undefined, options: Record<string, unknown>) => {
      const { reportCommand } = await import('./report.ts');
      finish(await reportCommand(run, options, io));
    });
}

function addBaseline(program: Command, io: Io, finish: Finish): void {
  const baseline = program.command('baseline').description('named runs to compare with');
  withFolder(baseline.command('list'))
    .description('all baselines and the newest runs')
    .action(async (options: Record<string, unknown>) => {
      const { listBaselines } = await import('./baseline.ts');
      finish(await listBaselines(options, io));
    });
  withFolder(baseline.command('show'))
    .description('one baseline with its history')
    .argument('<name>')
    .action(async (name: string, options: Record<string, unknown>) => {
      const { showBaseline } = await import('./baseline.ts');
      finish(await showBaseline(name, options, io));
    });
  withFolder(baseline.command('set'))
    .description('point a baseline at a run; earlier versions stay in its history')
    .argument('<name>', 'such as main or release/1.4')
    .argument('[run]', 'default: the newest run')
    .option('--reason <text>', 'why, for whoever reads the history')
    .action(async (name: string, run: string | undefined, options: Record<string, unknown>) => {
      const { setBaseline } = await import('./baseline.ts');
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
        const { pinCommand } = await import('./baseline-retention.ts');
        finish(await pinCommand(verb, run, options, io));
      });
  }
  withFolder(baseline.command('rename'))
    .description('let the history of a benchmark go on under its new name, as renamedFrom in its declaration does')
    .argument('<old>', 'the name in stored runs')
    .argument('<new>', 'the name now')
    .option('--project <name>', 'whose benchmark it is; default: this project')
    .option('--reason <text>', 'why, for whoever reads the history')
    .action(async (from: string, to: string, options: Record<string, unknown>) => {
      const { renameCommand } = await import('./baseline-retention.ts');
      finish(await renameCommand(from, to, options, io));
    });
  withFolder(baseline.command('prune'))
    .description('delete old runs; never one that is pinned or that a baseline names')
    .option('--keep <n>', 'how many of the newest stay, of each project in each environment', whole)
    .option('--older-than <days>', 'delete only runs older than this, such as 90d')
    .option('--reason <text>', 'why, for whoever reads the history')
    .option('--dry-run', 'only say what would go')
    .action(async (options: Record<string, unknown>) => {
      const { pruneCommand } = await import('./baseline-retention.ts');
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
        const { healthCommand } = await import('./baseline-health.ts');
        finish(await healthCommand(verb, options, io));
      });
  }
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
      const { trendCommand } = await import('./trend.ts');
      finish(await trendCommand(series, options, io));
    });
}

function addDashboard(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('dashboard'))
    .description('write the history of all series as pages that need no server: trends, changes, commits, a feed')
    .option('-o, --out <folder>', 'write there (default: .perf/dashboard)')
    .option('--serve', 'show it at 127.0.0.1 until Ctrl-C')
    .option('--port <n>', 'with --serve: at this port (default: one that is free)', whole)
    .option('--branch <name>', 'only runs of this branch')
    .option('--since <name...>', 'mark these baselines, or the merge base with these branches or tags')
    .option('--last <n>', 'read this many runs of each project on each machine (default: 1000)', whole)
    .action(async (options: Record<string, unknown>) => {
      const { dashboardCommand } = await import('./dashboard.ts');
      finish(await dashboardCommand(options, io));
    });
}

const importShapes = `
How the files are made:
  vitest-bench                vitest bench --outputJson out.json
  tinybench                   JSON.stringify(bench.tasks.map(({ name, result }) => ({ name, result })))
  mitata                      run({ format: 'json' })
  hyperfine                   hyperfine --export-json out.json
  k6                          k6 run --summary-export out.json, or handleSummary
  autocannon, vegeta          autocannon --json, vegeta report -type=json
  wrk, ab, hey, hey-csv       what they print; hey -o csv
  go-bench                    what go test -bench prints
  pytest-benchmark            pytest --benchmark-json out.json
  criterion, cargo-criterion  estimates.json, cargo criterion --message-format=json
  codspeed, bencher           results of its walltime instrument, Bencher Metric Format
  github-action-benchmark     [{ name, unit, value }], also as customSmallerIsBetter or customBiggerIsBetter
  github-action-benchmark-history   its data.js
  perfkeel                    a run.json of our own`;

function addExchange(program: Command, io: Io, finish: Finish): void {
  withFolder(program.command('import'))
    .description('store what another tool measured: vitest bench, hyperfine, k6, wrk, go test -bench; or a run.json')
    .argument('<format>', 'auto, or its name')
    .argument('<file...>', 'what the tool wrote')
    .option('--as-rounds', 'the files are processes of one measurement: one run with a round for each')
    .option('--project <name>', 'the project that was measured; default: what the file says')
    .option('--machine <name>', 'where it was measured: runs of one machine may be compared')
    .option('--name <name>', 'of the benchmark, where the file has none')
    .option('--sha <commit>', 'the commit that was measured, where the file does not say')
    .option('--branch <name>', 'its branch')
    .option('--json', 'print what was stored as JSON')
    .addHelpText('after', importShapes)
    .action(async (format: string, files: string[], options: Record<string, unknown>) => {
      const { importCommand } = await import('./import.ts');
      finish(await importCommand(format, files, options, io));
    });
  withFolder(program.command('export'))
    .description('write a stored run as other tools read it')
    .argument('<format>', 'bencher, csv, customSmallerIsBetter, hgrm, junit, ndjson, openmetrics, otlp and others')
    .argument('[run]', 'a run, a baseline, or a run.json file; default: the newest run')
    .option('--benchmark <name>', 'only this one')
    .option('--metric <id>', 'only this one, such as response-time')
    .option('-o, --out <file>', 'write there instead of to stdout')
    .action(async (format: string, run: string | undefined, options: Record<string, unknown>) => {
      const { exportCommand } = await import('./export.ts');
      finish(await exportCommand(format, run, options, io));
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
      const { heapDiffCommand } = await import('./heap.ts');
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
      const { heapTopCommand } = await import('./heap.ts');
      finish(await heapTopCommand(file, options, io));
    });
}
