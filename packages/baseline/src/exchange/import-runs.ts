import { usageError, type PerfError, type Run } from '@perfkeel/core';
import type { ForeignRun, ImportOptions, Importer } from './foreign.ts';
import { ab } from './formats/ab.ts';
import { autocannon } from './formats/autocannon.ts';
import { bencher } from './formats/bencher.ts';
import { codspeed } from './formats/codspeed.ts';
import { cargoCriterion, criterion } from './formats/criterion.ts';
import {
  customBiggerIsBetter,
  customSmallerIsBetter,
  githubActionBenchmark,
  githubActionHistory,
} from './formats/github-action-benchmark.ts';
import { goBench } from './formats/go-bench.ts';
import { hey, heyCsv } from './formats/hey.ts';
import { hyperfine } from './formats/hyperfine.ts';
import { k6 } from './formats/k6.ts';
import { mitata } from './formats/mitata.ts';
import { pytestBenchmark } from './formats/pytest-benchmark.ts';
import { tinybench } from './formats/tinybench.ts';
import { vegeta } from './formats/vegeta.ts';
import { vitestBench } from './formats/vitest-bench.ts';
import { wrk } from './formats/wrk.ts';
import { importError } from './import-error.ts';
import { isOwnRun, ownFormat, readOwnRun } from './own-run.ts';
import { parseJson } from './parse-json.ts';
import { Place } from './place.ts';
import { runOf } from './run-of.ts';
import { unknownFormat } from './unknown-format.ts';

/** The most particular shape first: Bencher's is any object of objects. */
const jsonImporters: readonly Importer<Place>[] = [
  vitestBench,
  hyperfine,
  k6,
  autocannon,
  vegeta,
  pytestBenchmark,
  codspeed,
  mitata,
  criterion,
  tinybench,
  githubActionBenchmark,
  customSmallerIsBetter,
  customBiggerIsBetter,
  bencher,
];
const textImporters: readonly Importer<string>[] = [githubActionHistory, cargoCriterion, heyCsv, hey, wrk, ab, goBench];

/** The formats that can be imported, by name. */
export const importFormats: readonly string[] = [
  ownFormat,
  ...[...jsonImporters, ...textImporters].map(({ name }) => name),
].sort();

/** What was found in a file of another tool. */
export interface ImportedRuns {
  /** The name of the format, whether it was given or recognised. */
  readonly format: string;
  /** Oldest first. */
  readonly runs: readonly Run[];
}

const savedAsUtf8 = 'Save it as UTF-8: the ">" of PowerShell writes UTF-16. Packed files are unpacked first.';

/** Larger texts are no results of a benchmark tool, or results that nobody can hold in memory. */
const mostCharacters = 100_000_000;

/**
 * Reads what another tool measured as runs of ours: pure, and the same text gives the same runs with the same ids, so
 * that storing them twice changes nothing.
 *
 * Names, groups, commits and dates are kept, units become base units, summaries become one metric for each statistic
 * (`time-median`). What a file cannot say is said in warnings: one process has no spread between processes, and an
 * unknown machine forbids to call a change a regression. A run of our own comes in as it is.
 *
 * @param format a name of `importFormats`, or `auto` to tell it by its shape
 * @throws PerfError `unknown-format` (exit 2) for a wrong name or shape, `no-numbers` (exit 2), `bad-import` (exit 4) with file and place; of our
 * own runs `corrupt-run` or `newer-run` (exit 4)
 *
 * @example
 * const { runs } = importRuns('auto', text, { file: 'bench.json', at: Date.now() });
 */
export function importRuns(format: string, text: string, options: ImportOptions): ImportedRuns {
  if (text.length > mostCharacters) {
    throw importError(options.file, `it has ${text.length} characters, and at most ${mostCharacters} are read`);
  }
  const bare = text.replace(/^\uFEFF/, '');
  if (bare.slice(0, 1000).includes('\0')) throw importError(options.file, 'it is no text in UTF-8', savedAsUtf8);
  if (format === ownFormat || (format === 'auto' && isOwnRun(bare))) {
    return { format: ownFormat, runs: [readOwnRun(bare, options)] };
  }
  const [name, foreign] = format === 'auto' ? recognised(bare, options) : named(format, bare, options);
  if (foreign.length === 0) throw importError(options.file, `it holds no benchmark of ${name}`);
  const runs = foreign.map((run) => runOf(run, options));
  if (runs.every(({ measurements }) => measurements.length === 0)) throw withoutNumbers(name, runs, options);
  return { format: name, runs };
}

/** As the newest run it would stand for something that nobody measured. */
function withoutNumbers(format: string, runs: readonly Run[], { file }: ImportOptions): PerfError {
  const { benchmark, error } = runs[0]!.failures[0]!;
  return usageError(`${file} holds no number of ${format}: ${benchmark}: ${error.message}`, {
    code: 'no-numbers',
    hint: `Write the file when all has run, in the shape that ${described} shows.`,
  });
}

/** Where the shapes of files are described. */
const described = 'perfkeel import --help';

type Found = readonly [name: string, runs: readonly ForeignRun[]];

const asJson = (text: string, file: string): Place => new Place(parseJson(text, file), '', file);

function named(format: string, text: string, options: ImportOptions): Found {
  const json = jsonImporters.find(({ name }) => name === format);
  if (json) return [format, json.read(asJson(text, options.file), options)];
  const plain = textImporters.find(({ name }) => name === format);
  if (plain) return [format, plain.read(text, options)];
  throw unknownFormat(format, ['auto', ...importFormats]);
}

function recognised(text: string, options: ImportOptions): Found {
  const plain = textImporters.find((importer) => importer.sniff(text));
  if (plain) return [plain.name, plain.read(text, options)];
  if (/^\s*[[{]/.test(text)) {
    const root = asJson(text, options.file);
    const json = jsonImporters.find((importer) => fits(importer, root));
    if (json) return [json.name, json.read(root, options)];
  }
  const what = text.trim() === '' ? 'is empty' : 'has the shape of no format that is known here';
  throw usageError(`${options.file} ${what}`, {
    code: 'unknown-format',
    hint: `Name it if it is one of ${importFormats.join(', ')}. ${described} shows how their files are made.`,
  });
}

/** A shape that breaks within is not this one. */
function fits(importer: Importer<Place>, root: Place): boolean {
  try {
    return importer.sniff(root);
  } catch {
    return false;
  }
}
