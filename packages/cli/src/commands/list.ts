import { relative, resolve } from 'node:path';
import { ExitCode, PerfError } from '@perfkeel/core';
import { discover, listBenchmarks, type ListedBenchmark } from '@perfkeel/runner';
import { perfProjects } from '../affected/perf-projects.ts';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import { oneLine, type Io } from '../io.ts';

export interface ListOptions {
  readonly dir?: string;
  readonly kind?: readonly string[];
  readonly tag?: readonly string[];
  readonly json?: boolean;
}

/** `perfkeel list`: which benchmarks exist, from their declarations. Measures nothing. */
export async function listCommand(filters: readonly string[], options: ListOptions, io: Io): Promise<number> {
  const config = await loadConfig(io, options.dir);
  const { files, names } = await discover(config.root, { ...config, filters, cwd: io.cwd });
  const wanted = filters.length > names.length ? new Set(files) : undefined;
  const listed: ListedProject[] = [];
  for (const { name, root, ...project } of await perfProjects(config, io)) {
    const { conditions } = project;
    const own = project.files.filter((file) => wanted === undefined || wanted.has(file));
    const selection = { names, kinds: options.kind, tags: options.tag };
    const onSlow = (file: string): void => void io.stderr.write(`reading ${oneLine(file)}\n`);
    const benchmarks = await listBenchmarks({ root, files: own, conditions, onSlow, ...selection });
    if (benchmarks.length > 0) listed.push({ project: name, benchmarks });
  }
  if (listed.length === 0) throw nothingThere(config, filters);
  io.stdout.write(options.json ? asJson(listed, config) : asText(listed, io));
  return ExitCode.Ok;
}

interface ListedProject {
  readonly project: string;
  readonly benchmarks: readonly ListedBenchmark[];
}

const nothingThere = ({ root }: ResolvedConfig, filters: readonly string[]): PerfError =>
  new PerfError(filters.length === 0 ? `there are no benchmarks in ${root}` : 'no benchmark fits the selection', {
    code: 'nothing-to-run',
    hint: filters.length === 0 ? '`perfkeel init` writes a first one.' : 'Leave filters out, or name a part of a name.',
  });

function asJson(listed: readonly ListedProject[], { root }: ResolvedConfig): string {
  const projects = listed.map(({ project, benchmarks }) => ({
    project,
    benchmarks: benchmarks.map((one) => ({ ...one, file: relative(root, one.file).replaceAll('\\', '/') })),
  }));
  return `${JSON.stringify({ schemaVersion: 1, projects }, null, 2)}\n`;
}

function asText(listed: readonly ListedProject[], io: Io): string {
  const all = listed.flatMap(({ benchmarks }) => benchmarks);
  const width = (of: (one: ListedBenchmark) => string): number => Math.max(...all.map((one) => of(one).length));
  const [idWidth, kindWidth] = [width(({ id }) => oneLine(id)), width(({ kind }) => kind)];
  const lines = listed.flatMap(({ project, benchmarks }) => [
    oneLine(project),
    ...benchmarks.map(({ id, kind, file, line, tags }) => {
      const place = `${relative(io.cwd, resolve(file))}${line === undefined ? '' : `:${line}`}`;
      const words = tags.length === 0 ? '' : `  [${oneLine(tags.join(', '))}]`;
      return `  ${oneLine(id).padEnd(idWidth)}  ${kind.padEnd(kindWidth)}  ${oneLine(place)}${words}`;
    }),
  ]);
  return `${[...lines, '', `${all.length} benchmark${all.length === 1 ? '' : 's'}`].join('\n')}\n`;
}
