import { ExitCode } from '@perfkeel/core';
import { chooseAffected } from '@perfkeel/runner';
import { chooseRange, type RangeOptions } from '../affected/choose-range.ts';
import { perfProjects } from '../affected/perf-projects.ts';
import { selectionMarkdown, selectionText } from '../affected/selection-text.ts';
import { loadConfig } from '../config.ts';
import { lookOf, type Io } from '../io.ts';

export interface AffectedOptions extends RangeOptions {
  readonly dir?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly projects?: boolean;
}

/** `perfkeel affected`: which perf files a change can reach, and why. Measures nothing. */
export async function affectedCommand(options: AffectedOptions, io: Io): Promise<number> {
  const config = await loadConfig(io, options.dir);
  const projects = await perfProjects(config, io);
  const selection = await chooseAffected({ folder: config.root, projects, ...chooseRange(options, config, io) });
  const running = selection.choices.filter(({ decision }) => decision === 'run').map(({ project }) => project);
  if (options.json) io.stdout.write(`${JSON.stringify(selection, null, 2)}\n`);
  else if (options.markdown) io.stdout.write(selectionMarkdown(selection));
  else if (options.projects) io.stdout.write([...new Set(running)].map((name) => `${name}\n`).join(''));
  else io.stdout.write(selectionText(selection, lookOf(io.stdout, io.env)));
  if (options.projects && selection.unsure !== undefined) io.stderr.write(`unsure: ${selection.unsure}\n`);
  return ExitCode.Ok;
}
