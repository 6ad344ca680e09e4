import { resolve } from 'node:path';
import { ExitCode, usageError, type Report } from '@perfkeel/core';
import { renderHtml, renderJson, renderMarkdown, renderTerminal } from '@perfkeel/report';
import { loadConfig } from '../config.ts';
import { lookOf, type Io, type Look } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { writeOut } from '../write-out.ts';
import { findRun, newestRun } from './find-run.ts';

export interface ReportOptions {
  readonly dir?: string;
  readonly format?: string;
  readonly out?: string;
  readonly verbose?: boolean;
}

interface Rendering {
  readonly look: Look & { readonly verbose: boolean };
  /** Places in files are shown relative to it. */
  readonly root: string;
  readonly noChange: number;
}

const renderers: Readonly<Record<string, (report: Report, rendering: Rendering) => string>> = {
  terminal: (report, { look, root, noChange }) => renderTerminal(report, { ...look, noChange, paths: { root } }),
  json: (report) => renderJson(report),
  md: (report, { root }) => renderMarkdown(report, { root }),
  html: (report, { root, noChange }) => renderHtml(report, { root, noChange }),
};

/** `perfkeel report [run]`: shows a stored run once more. Returns 0: the verdict was given when it ran. */
export async function reportCommand(name: string | undefined, options: ReportOptions, io: Io): Promise<number> {
  const format = options.format ?? 'terminal';
  const render = Object.hasOwn(renderers, format) ? renderers[format] : undefined;
  if (!render) {
    throw usageError(`there is no format ${JSON.stringify(format)}`, {
      code: 'bad-option',
      hint: `Formats are ${Object.keys(renderers).join(', ')}.`,
    });
  }
  const config = await loadConfig(io, options.dir);
  const store = openStore(config);
  const { run } = name === undefined ? await newestRun(store) : await findRun(store, name, io.cwd);
  tellWarnings(store, io);
  const look = { ...lookOf(io.stdout, io.env), verbose: options.verbose ?? false };
  const text = render({ run }, { look, root: config.root, noChange: config.change.warn });
  if (options.out === undefined) io.stdout.write(text);
  else await writeOut(resolve(io.cwd, options.out), text);
  return ExitCode.Ok;
}
