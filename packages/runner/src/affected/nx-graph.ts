import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@perfkeel/core';
import { nxProgram } from '../nx-program.ts';
import { runCommand } from '../sides/command.ts';
import type { Project } from './project-graph.ts';

const longestMs = 120_000;

interface NxGraph {
  readonly graph: {
    readonly nodes: Readonly<Record<string, { readonly name: string; readonly data: { readonly root: string } }>>;
    readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>;
  };
}

/**
 * The projects of an Nx workspace as its own Nx sees them, implicit dependencies included; or a sentence why not.
 *
 * In a process of its own, because plugins print and stay; without the daemon, which would stay too.
 */
export async function readNxGraph(workspace: string, root: string, signal?: AbortSignal): Promise<Project[] | string> {
  const bin = nxProgram(workspace);
  if (bin === undefined) return 'there is an nx.json, and Nx is not installed';
  const folder = await mkdtemp(join(tmpdir(), 'perfkeel-graph-'));
  try {
    const file = join(folder, 'graph.json');
    const env = {
      ...process.env,
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_NO_CLOUD: 'true',
    };
    const limit = AbortSignal.timeout(longestMs);
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    const words = [bin, 'graph', `--file=${file}`];
    const { code, stdout, stderr } = await runCommand(process.execPath, words, { cwd: workspace, env, signal: both });
    if (code !== 0) return `Nx could not make its graph: ${lastWords(`${stdout}\n${stderr}`)}`;
    return projectsOf(JSON.parse(await readFile(file, 'utf8')) as NxGraph, root);
  } catch (error) {
    return `the graph of Nx cannot be read: ${messageOf(error)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says the most in one line: the first that speaks of an error, else the last. */
function lastWords(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.find((line) => /error|cannot|fail/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}

function projectsOf({ graph }: NxGraph, root: string): Project[] {
  const at = (folder: string): string => [root, folder === '.' ? '' : folder].filter((part) => part !== '').join('/');
  const roots = new Map(Object.values(graph.nodes).map(({ name, data }) => [name, at(data.root)]));
  return Object.values(graph.nodes).map(({ name }) => ({
    name,
    root: roots.get(name)!,
    needs: [...new Set((graph.dependencies[name] ?? []).flatMap(({ target }) => roots.get(target) ?? []))],
    packages: [],
  }));
}
