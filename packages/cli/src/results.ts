import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeRun, openRunStore, type RunStore } from '@perfkeel/baseline';
import { PerfError, withoutCredentials, type Report } from '@perfkeel/core';
import { renderHtml, renderMarkdown } from '@perfkeel/report';
import { notWritable, retryText, type Retry } from '@perfkeel/runner';
import type { ResolvedConfig } from './config.ts';
import { plain, type Io } from './io.ts';
import { retryingLog } from './retrying-log.ts';

/** The files of the newest run, absolute. */
export interface ResultFiles {
  readonly json: string;
  readonly markdown: string;
  readonly html: string;
}

/** @returns what a command ends with that needs a run, and finds none; exit code 4. */
export const noRunStored = (): PerfError =>
  new PerfError('no run is stored here', {
    code: 'no-runs',
    hint: 'Measure first: perfkeel run. In a workspace runs are kept in each project: -C <folder>.',
  });

/** The store of a project's runs. Of one behind a network, each attempt that is made again is told. */
export function openStore({ root, store, records }: ResolvedConfig, io: Io): RunStore {
  const place = { folder: store, location: records, repository: root };
  if (records === undefined) return openRunStore(place);
  const tell = (retry: Retry): void => void io.stderr.write(`warning  ${plain(retryText(retry))}\n`);
  return openRunStore(place, (log) => retryingLog(log, withoutCredentials(records), tell));
}

/** Where the newest run of a project is, for people and for programs. */
export function resultFiles(config: Pick<ResolvedConfig, 'store'>): ResultFiles {
  const folder = join(config.store, 'latest');
  return { json: join(folder, 'run.json'), markdown: join(folder, 'report.md'), html: join(folder, 'report.html') };
}

/** Writes run.json, the Markdown and the HTML report. @throws PerfError `not-writable` (exit 4). */
export async function writeResults(report: Report, config: ResolvedConfig): Promise<ResultFiles> {
  const files = resultFiles(config);
  try {
    await mkdir(join(config.store, 'latest'), { recursive: true });
    await writeWhole(files.json, encodeRun(report.run));
    await writeWhole(files.markdown, renderMarkdown(report, { root: config.root }));
    await writeWhole(files.html, renderHtml(report, { root: config.root, noChange: config.change.warn }));
  } catch (error) {
    throw notWritable(config.store, error);
  }
  return files;
}

/** A reader sees the old file or the new one, never half of one. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** Says what a store went round while reading: damaged or foreign files are set aside, never silently. */
export function tellWarnings(store: RunStore, io: Io): void {
  for (const { message } of store.warnings) io.stderr.write(`warning  ${plain(message)}\n`);
}
