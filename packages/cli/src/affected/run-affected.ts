import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Run } from '@perfkeel/core';
import {
  chooseAffected,
  discover,
  listBenchmarks,
  notWritable,
  projectName,
  type AffectedSelection,
} from '@perfkeel/runner';
import type { ResolvedConfig } from '../config.ts';
import { lookOf, type Io } from '../io.ts';
import { makeFolder } from '../make-folder.ts';
import { chooseRange, type RangeOptions } from './choose-range.ts';
import { selectionMarkdown, selectionText, whyOf } from './selection-text.ts';

/** What is left of a run when only what is affected is measured. */
export interface AffectedPart {
  /** Words that select it: perf files, absolute, and the parts of names that the user gave. */
  readonly filters: readonly string[];
  readonly nothing: boolean;
  /** Each perf file, for the record of the run. */
  readonly choices: NonNullable<Run['plan']['selection']>;
  /** Benchmarks of perf files that are skipped: they exist, whoever compares. */
  readonly skipped: () => Promise<ReadonlySet<string>>;
  /** What `recalledPart` makes of it again, when the run was interrupted. */
  readonly remembered: string;
}

/** Chooses among what a run would measure, says so, and leaves it beside the results. */
export async function affectedPart(
  filters: readonly string[],
  options: RangeOptions & { readonly wordsFrom?: string },
  config: ResolvedConfig,
  io: Io,
): Promise<AffectedPart> {
  const { root, include, exclude, conditions } = config;
  const { files, names } = await discover(root, {
    ...{ include, exclude, filters, cwd: io.cwd, wordsFrom: options.wordsFrom },
  });
  const project = { name: config.name ?? (await projectName(root)), root, files, conditions };
  const range = chooseRange(options, config, io);
  const selection = await chooseAffected({ folder: root, projects: [project], ...range });
  io.stderr.write(selectionText(selection, lookOf(io.stderr, io.env)));
  await keepSelection(selection, config);
  const decided = (decision: string): string[] =>
    files.filter((_, index) => selection.choices[index]?.decision === decision);
  const [running, skipped] = [decided('run'), decided('skip')];
  // A folder without perf files is for the run itself to complain about.
  const nothing = files.length > 0 && running.length === 0;
  const choices = recorded(selection);
  const remembered = JSON.stringify({ choices, skipped: skipped.map((file) => relative(root, file)) });
  const listed = benchmarksIn(skipped, config);
  return { filters: [...running, ...names], nothing, choices, skipped: listed, remembered };
}

/** The benchmarks of perf files that are not measured, read when somebody asks. */
const benchmarksIn =
  (files: readonly string[], { root, conditions }: ResolvedConfig): AffectedPart['skipped'] =>
  async () =>
    new Set((await listBenchmarks({ root, files, conditions })).map(({ id }) => id));

/** What had been chosen for a run that goes on; `undefined` where everything had been. */
export function recalledPart(
  remembered: unknown,
  config: ResolvedConfig,
): Pick<AffectedPart, 'choices' | 'skipped'> | undefined {
  if (typeof remembered !== 'string') return undefined;
  const { choices, skipped } = JSON.parse(remembered) as Pick<AffectedPart, 'choices'> & { skipped: readonly string[] };
  // A perf file that was deleted since has no benchmarks.
  const files = skipped.map((file) => resolve(config.root, file)).filter((file) => existsSync(file));
  return { choices, skipped: benchmarksIn(files, config) };
}

const recorded = ({ choices }: AffectedSelection): AffectedPart['choices'] =>
  choices.map((choice) => ({ file: choice.file, decision: choice.decision, why: whyOf(choice) }));

/** A run that says what was chosen for it. */
export const withChoices = (run: Run, choices: AffectedPart['choices']): Run => ({
  ...run,
  plan: { ...run.plan, selection: choices },
});

/** Where the newest selection is, for programs and for people. */
export const selectionFiles = ({ store }: ResolvedConfig): { readonly json: string; readonly markdown: string } => ({
  json: join(store, 'latest', 'affected.json'),
  markdown: join(store, 'latest', 'affected.md'),
});

async function keepSelection(selection: AffectedSelection, config: ResolvedConfig): Promise<void> {
  const { json, markdown } = selectionFiles(config);
  try {
    makeFolder(resolve(json, '..'));
    await writeFile(json, `${JSON.stringify(selection, null, 2)}\n`);
    await writeFile(markdown, selectionMarkdown(selection));
  } catch (error) {
    throw notWritable(config.store, error);
  }
}

/** A stored run without the benchmarks that were left out today: what is not run is not removed. */
export function withoutSkipped(run: Run, skipped: ReadonlySet<string>): Run {
  const stays = ({ benchmark }: { readonly benchmark: string }): boolean => !skipped.has(benchmark);
  return {
    ...run,
    plan: { ...run.plan, benchmarks: run.plan.benchmarks.filter(({ id }) => !skipped.has(id)) },
    measurements: run.measurements.filter(stays),
    failures: run.failures.filter(stays),
  };
}
