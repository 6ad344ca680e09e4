import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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
}

/** Chooses among what a run would measure, says so, and leaves it beside the results. */
export async function affectedPart(
  filters: readonly string[],
  options: RangeOptions,
  config: ResolvedConfig,
  io: Io,
): Promise<AffectedPart> {
  const { root, include, exclude, conditions } = config;
  const { files, names } = await discover(root, { include, exclude, filters, cwd: io.cwd });
  const project = { name: config.name ?? (await projectName(root)), root, files, conditions };
  const range = chooseRange(options, config, io);
  const selection = await chooseAffected({ folder: root, projects: [project], ...range });
  io.stderr.write(selectionText(selection, lookOf(io.stderr, io.env)));
  await keepSelection(selection, config);
  const decided = (decision: string): string[] =>
    files.filter((_, index) => selection.choices[index]?.decision === decision);
  const [running, skipped] = [decided('run'), decided('skip')];
  const listed = async (): Promise<ReadonlySet<string>> =>
    new Set((await listBenchmarks({ root, files: skipped, conditions })).map(({ id }) => id));
  // A folder without perf files is for the run itself to complain about.
  const nothing = files.length > 0 && running.length === 0;
  return { filters: [...running, ...names], nothing, choices: recorded(selection), skipped: listed };
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
    await mkdir(resolve(json, '..'), { recursive: true });
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
