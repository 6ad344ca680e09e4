import { relative, resolve } from 'node:path';
import { ExitCode } from '@perfkeel/core';
import type { ListedBenchmark } from '@perfkeel/runner';
import { listProjects, type ListedProject } from '../affected/choose-projects.ts';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import { oneLine, type Io } from '../io.ts';

export interface ListOptions {
  readonly dir?: string;
  readonly kind?: readonly string[];
  readonly tag?: readonly string[];
  readonly project?: readonly string[];
  readonly json?: boolean;
}

/** `perfkeel list`: which benchmarks exist, from their declarations. Measures nothing. */
export async function listCommand(filters: readonly string[], options: ListOptions, io: Io): Promise<number> {
  const config = await loadConfig(io, options.dir);
  const { kind: kinds, tag: tags, project: projects } = options;
  const listed = await listProjects({ filters, kinds, tags, projects }, config, io);
  io.stdout.write(options.json ? asJson(listed, config) : asText(listed, io));
  return ExitCode.Ok;
}

function asJson(listed: readonly ListedProject[], { root }: ResolvedConfig): string {
  const projects = listed.map(({ project: { name }, benchmarks }) => ({
    project: name,
    benchmarks: benchmarks.map((one) => ({ ...one, file: relative(root, one.file).replaceAll('\\', '/') })),
  }));
  return `${JSON.stringify({ schemaVersion: 1, projects }, null, 2)}\n`;
}

/** Of names. */
const mostColumns = 60;

function asText(listed: readonly ListedProject[], io: Io): string {
  const all = listed.flatMap(({ benchmarks }) => benchmarks);
  const width = (of: (one: ListedBenchmark) => string): number => Math.max(...all.map((one) => of(one).length));
  // One name that is very long moves its own line alone.
  const idWidth = Math.min(
    mostColumns,
    width(({ id }) => oneLine(id)),
  );
  const kindWidth = width(({ kind }) => kind);
  const lines = listed.flatMap(({ project: { name }, benchmarks }) => [
    oneLine(name),
    ...benchmarks.map(({ id, kind, file, line, tags }) => {
      const place = `${relative(io.cwd, resolve(file))}${line === undefined ? '' : `:${line}`}`;
      const words = tags.length === 0 ? '' : `  [${oneLine(tags.join(', '))}]`;
      return `  ${oneLine(id).padEnd(idWidth)}  ${kind.padEnd(kindWidth)}  ${oneLine(place)}${words}`;
    }),
  ]);
  return `${[...lines, '', `${all.length} benchmark${all.length === 1 ? '' : 's'}`].join('\n')}\n`;
}
