import { relative, resolve, sep } from 'node:path';
import { usageError, type PerfError } from '@perfkeel/core';
import type { PerfProject } from '@perfkeel/runner';

/**
 * Projects by name or folder, each once.
 *
 * @throws PerfError `no-such-project` or `ambiguous-project`, exit code 2.
 */
export const namedProjects = (
  names: readonly string[],
  known: readonly PerfProject[],
  cwd: string,
): readonly PerfProject[] => [...new Set(names.map((name) => namedProject(name, known, cwd)))];

function namedProject(name: string, known: readonly PerfProject[], cwd: string): PerfProject {
  const namesakes = known.filter((project) => project.name === name);
  const found = namesakes.length === 1 ? namesakes[0] : known.find(({ root }) => root === resolve(cwd, name));
  if (found) return found;
  if (namesakes.length > 1) throw ambiguous(name, namesakes, cwd);
  throw usageError(`there is no project ${JSON.stringify(name)} with perf files`, {
    code: 'no-such-project',
    hint: `Projects with perf files are ${known.map((project) => project.name).join(', ') || 'none'}.`,
  });
}

function ambiguous(name: string, namesakes: readonly PerfProject[], cwd: string): PerfError {
  const folders = namesakes.map(({ root }) => relative(cwd, root).split(sep).join('/') || '.');
  return usageError(`${folders.length} projects are called ${JSON.stringify(name)}: ${folders.join(', ')}`, {
    code: 'ambiguous-project',
    hint: `Name the folder: --project ${folders[0]}`,
  });
}
