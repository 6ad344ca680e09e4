import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { measureProject, type MeasureOptions } from './measure-project.ts';
import { buildReport, exitCodeOf, reportName, type Facts } from './report.ts';
import { reportText } from './report-text.ts';
import type { RunFile } from './run-file.ts';
import type { NfrTarget } from './targets.ts';

export interface SuiteOptions extends MeasureOptions {
  readonly targets: readonly NfrTarget[];
  /** The folders to measure, by the names that targets have for them. */
  readonly folders: ReadonlyMap<string, string>;
  readonly servers: Facts['servers'];
  /** The folder of reports. */
  readonly out: string;
  /** Where the user is: files are named as seen from there. */
  readonly cwd: string;
  readonly print: (text: string) => void;
}

const interruptedCode = 130;

/** Measures one project after the other and writes the report, unless it is interrupted. Returns the exit code. */
export async function runSuite(options: SuiteOptions): Promise<number> {
  const { folders, targets, servers, rehearse, signal, print } = options;
  const began = Date.now();
  const runs = new Map<string, RunFile>();
  for (const [index, [name, folder]] of [...folders].entries()) {
    if (signal.aborted) break;
    print(`\n${index + 1} of ${folders.size}: ${name}\n`);
    const run = await measureProject(folder, options);
    if (run !== undefined) runs.set(name, run);
  }
  if (signal.aborted) {
    print('\ninterrupted: no report was written\n');
    return interruptedCode;
  }
  const facts: Facts = {
    timestamp: new Date(began).toISOString(),
    durationSeconds: (Date.now() - began) / 1000,
    rehearsal: rehearse,
    servers,
  };
  const wanted = targets.filter(({ project }) => folders.has(project));
  return write(buildReport(wanted, runs, facts), options);
}

async function write(report: ReturnType<typeof buildReport>, { out, cwd, print }: SuiteOptions): Promise<number> {
  await mkdir(out, { recursive: true });
  const file = join(out, reportName(report.timestamp));
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  print(`\n${reportText(report)}\n${Math.round(report.durationSeconds)} s, ${relative(cwd, file)}\n`);
  return exitCodeOf(report);
}
