import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { importFormats, importRuns, joinRounds, type ImportedRuns, type RunStore } from '@perfkeel/baseline';
import { ExitCode, PerfError, messageOf, usageError, type Run } from '@perfkeel/core';
import { loadConfig } from '../config.ts';
import { plain, type Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';

export interface ImportCommandOptions {
  readonly dir?: string;
  readonly project?: string;
  readonly machine?: string;
  readonly name?: string;
  readonly sha?: string;
  readonly branch?: string;
  /** The files are processes of one measurement. */
  readonly asRounds?: boolean;
  readonly json?: boolean;
}

/** One file, with what became of it. */
interface ImportedFile {
  readonly file: string;
  readonly format: string;
  readonly runs: readonly { readonly id: string; readonly startedAt: string; readonly benchmarks: number }[];
  /** Runs that were not stored before. */
  readonly created: number;
}

/** Results of a benchmark tool are smaller; a string of Node cannot be much larger. */
const mostBytes = 200e6;

async function readResults(file: string, options: ImportCommandOptions, format: string): Promise<ImportedRuns> {
  let [text, at] = ['', 0];
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new Error('it is a folder');
    const { size, mtimeMs } = found;
    if (size > mostBytes) throw new Error(`it has ${size} bytes, and at most ${mostBytes} are read`);
    [text, at] = [await readFile(file, 'utf8'), mtimeMs];
  } catch (error) {
    throw new PerfError(`cannot read ${file}: ${messageOf(error)}`, {
      code: 'bad-import',
      hint: 'Name a file that another tool wrote: perfkeel import auto results.json',
      cause: error,
    });
  }
  const { project, machine, name, sha, branch } = options;
  return importRuns(format, text, { file, at, project, machine, name, sha, branch });
}

function describe({ file, format, runs, created }: ImportedFile): string {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const day = (iso: string): string => iso.slice(0, 10);
  const when =
    day(first.startedAt) === day(last.startedAt)
      ? day(first.startedAt)
      : `${day(first.startedAt)} to ${day(last.startedAt)}`;
  const benchmarks = Math.max(...runs.map((run) => run.benchmarks));
  const known = runs.length - created;
  const what = runs.length === 1 ? `run ${first.id}` : `${runs.length} runs`;
  return `${file}: ${what} of ${format}, ${when}, ${benchmarks} benchmark${benchmarks === 1 ? '' : 's'}${known > 0 ? ` (${known} stored before)` : ''}\n`;
}

const texts = ['project', 'machine', 'name', 'sha', 'branch'] as const;

/** In a script a variable that is not set is an empty text: it would name what it does not know. */
function refuseEmpty(options: ImportCommandOptions): void {
  const empty = texts.find((name) => options[name]?.trim() === '');
  const { sha } = options;
  if (empty === undefined && (sha === undefined || /^[0-9a-f]{7,64}$/.test(sha))) return;
  const what = empty === undefined ? `--sha is ${JSON.stringify(sha)}, which is no commit` : `--${empty} is empty`;
  throw usageError(what, {
    code: 'bad-option',
    hint: empty === undefined ? 'Write the hash of the commit: --sha "$(git rev-parse HEAD)".' : 'Leave it out.',
  });
}

/** `perfkeel import <format> <file...>`: stores what another tool measured. All files are read before any is stored. */
export async function importCommand(
  format: string,
  files: readonly string[],
  options: ImportCommandOptions,
  io: Io,
): Promise<number> {
  if (files.length === 0) {
    throw usageError('import needs a file', {
      code: 'bad-option',
      hint: `Write perfkeel import auto results.json. Formats are auto, ${importFormats.join(', ')}.`,
    });
  }
  refuseEmpty(options);
  const store = openStore(await loadConfig(io, options.dir), io);
  const read: { file: string; imported: ImportedRuns }[] = [];
  for (const file of files) read.push({ file, imported: await readResults(resolve(io.cwd, file), options, format) });
  const results: ImportedFile[] = [];
  for (const { file, imported } of options.asRounds ? [joined(read)] : read) {
    const created = await saveAll(store, imported.runs);
    const runs = imported.runs.map(({ id, startedAt, plan }) => ({
      id,
      startedAt,
      benchmarks: plan.benchmarks.length,
    }));
    results.push({ file, format: imported.format, runs, created });
  }
  tellWarnings(store, io);
  if (options.json) io.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else for (const result of results) io.stdout.write(plain(describe(result)));
  if (!options.json) tellFailures(read, io);
  return ExitCode.Ok;
}

/** Runs that are stored together: a push of git serves many. */
const atOnce = 50;

/** @returns how many were not there before */
async function saveAll(store: RunStore, runs: readonly Run[]): Promise<number> {
  let created = 0;
  for (let i = 0; i < runs.length; i += atOnce) {
    const saved = await Promise.all(runs.slice(i, i + atOnce).map((run) => store.saveRun(run)));
    created += saved.filter((one) => one.created).length;
  }
  return created;
}

/** All files as the rounds of one run. */
function joined(read: readonly { file: string; imported: ImportedRuns }[]): { file: string; imported: ImportedRuns } {
  const runs = [joinRounds(read.flatMap(({ imported }) => imported.runs))];
  return { file: `${read.length} files`, imported: { format: read[0]!.imported.format, runs } };
}

/** What the other tool could not measure is part of the run, and is said. */
function tellFailures(read: readonly { file: string; imported: ImportedRuns }[], io: Io): void {
  for (const { file, imported } of read) {
    const failures = imported.runs.flatMap((run) => run.failures);
    for (const { benchmark, error } of failures.slice(0, 5)) {
      io.stderr.write(plain(`warning  ${file}: ${benchmark}: ${error.message}\n`));
    }
    if (failures.length > 5)
      io.stderr.write(`warning  ${file}: and ${failures.length - 5} more that have no numbers\n`);
  }
}
