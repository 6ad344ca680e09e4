import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ExitCode, usageError, type Report } from '@perfkeel/core';
import { renderHtml, renderJson, renderMarkdown, renderTerminal } from '@perfkeel/report';
import { notWritable } from '@perfkeel/runner';
import { loadConfig } from '../config.ts';
import { lookOf, type Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { findRun, newestRun } from './find-run.ts';

export interface ReportOptions {
  readonly dir?: string;
  readonly format?: string;
  readonly out?: string;
  readonly verbose?: boolean;
}

const renderers: Readonly<Record<string, (report: Report, io: Io, verbose: boolean) => string>> = {
  terminal: (report, io, verbose) => renderTerminal(report, { ...lookOf(io.stdout, io.env), verbose }),
  json: (report) => renderJson(report),
  md: (report) => renderMarkdown(report),
  html: (report) => renderHtml(report),
};

/** `perfkeel report [run]`: shows a stored run once more. Returns 0: the verdict was given when it ran. */
export async function reportCommand(name: string | undefined, options: ReportOptions, io: Io): Promise<number> {
  const render = renderers[options.format ?? 'terminal'];
  if (!render) {
    throw usageError(`there is no format ${JSON.stringify(options.format)}`, {
      code: 'bad-option',
      hint: `Formats are ${Object.keys(renderers).join(', ')}.`,
    });
  }
  const config = await loadConfig(io, options.dir);
  const store = openStore(config);
  const { run } = name === undefined ? await newestRun(store) : await findRun(store, name, io.cwd);
  tellWarnings(store, io);
  const text = render({ run }, io, options.verbose ?? false);
  if (options.out === undefined) io.stdout.write(`${text}\n`);
  else await writeOut(resolve(io.cwd, options.out), text);
  return ExitCode.Ok;
}

async function writeOut(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw notWritable(dirname(file), error);
  }
}
