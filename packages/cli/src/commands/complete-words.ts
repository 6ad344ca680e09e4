import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { ExitCode, plainText } from '@perfkeel/core';
import type { Io } from '../io.ts';

/** Commands whose words may be names of benchmarks. */
const namesBenchmarks = new Set(['run', 'list', 'compare', 'trend']);

/** Answers a shell: a line for every word that may come behind `words`. Says nothing where it knows nothing. */
export async function completeWords(words: readonly string[], program: Command, io: Io): Promise<number> {
  const { command, awaited, folder } = walk(words, program);
  const lines = awaited === undefined ? await behind(command, resolve(io.cwd, folder ?? '.')) : valuesOf(awaited);
  io.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return ExitCode.Ok;
}

interface Place {
  readonly command: Command;
  /** The option whose value comes next. */
  readonly awaited?: Option | undefined;
  readonly folder?: string | undefined;
}

function walk(words: readonly string[], program: Command): Place {
  let [command, awaited, folder]: [Command, Option | undefined, string | undefined] = [program, undefined, undefined];
  for (const word of words) {
    if (awaited !== undefined) {
      if (awaited.short === '-C') folder = word;
      awaited = undefined;
      continue;
    }
    const option = command.options.find(({ short, long }) => word === short || word === long);
    if (option?.required) awaited = option;
    command = command.commands.find((each) => each.name() === word) ?? command;
  }
  return { command, awaited, folder };
}

/** `only these kinds: bench, latency, load`: what stands behind the colon are its values. */
function valuesOf({ description, flags }: Option): readonly string[] {
  if (/<(?:file|folder)>/.test(flags)) return [':files'];
  const [, list] = /: ([\w-]+(?:, [\w-]+)+)$/.exec(description) ?? [];
  return list?.split(', ') ?? [];
}

async function behind(command: Command, folder: string): Promise<readonly string[]> {
  const commands = command.commands
    .filter((each) => !each.name().startsWith('__'))
    .map((each) => `${each.name()}\t${each.description()}`);
  const options = command.options.map(({ long, short, description }) => `${long ?? short}\t${description}`);
  const names = namesBenchmarks.has(command.name()) ? await benchmarksOf(folder) : [];
  const takesFiles = command.registeredArguments.some((argument) => /file|filter|folder/.test(argument.name()));
  return [...commands, ...names, ...options, ...(takesFiles ? [':files'] : [])];
}

/** Those of the newest run: perf files are not executed because someone pressed a key. */
async function benchmarksOf(folder: string): Promise<readonly string[]> {
  for (let at = folder; ; at = dirname(at)) {
    const text = await readFile(join(at, '.perf', 'latest', 'run.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return namesIn(text);
    if (dirname(at) === at) return [];
  }
}

function namesIn(text: string): readonly string[] {
  try {
    const run = JSON.parse(text) as { plan?: { benchmarks?: readonly { id?: unknown; kind?: unknown }[] } };
    return (run.plan?.benchmarks ?? []).flatMap(({ id, kind }) =>
      typeof id === 'string' ? [`${plainText(id).replace(/\s+/g, ' ')}\t${plainText(String(kind))}`] : [],
    );
  } catch {
    return [];
  }
}
