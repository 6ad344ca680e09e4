import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTempProject, type TempProject } from '../../../../tools/test-support/temp-project.ts';

/** A project in a repository of its own; its branch `change` is checked out, and `main` has what it began with. */
export interface GitProject extends TempProject {
  /** Where checkouts of base go. */
  readonly temporary: string;
  git(...words: readonly string[]): string;
  /** Everything that lies there. */
  commit(message: string): void;
}

/** A noun that times a function of the project, in one metric or, with `{ both: true }`, in two that are compared. */
export const timedNoun = `
import { callSite, commonParts, declare, metrics } from '@perfkeel/core';
export function timed(name: string, run: () => number, options: any = {}) {
  const { both, ...others } = options;
  return declare({
    name, kind: 'bench', primary: 'response-time', quantiles: true,
    metrics: both ? [metrics.responseTime, metrics.timePerOperation] : [metrics.responseTime],
    comparedBy: both ? ['response-time', 'time'] : undefined,
    ...commonParts(others, { rounds: 4 }), location: callSite(timed as never),
    instrument: async () => {
      const values = [];
      for (let i = 0; i < 150; i++) {
        const began = performance.now();
        (globalThis as any).sink = run();
        values.push((performance.now() - began) * 1e6);
      }
      const data = { kind: 'sample', values };
      const first = { metric: 'response-time', data };
      return { measurements: both ? [first, { metric: 'time', data }] : [first] };
    },
  });
}`;

/** A module that keeps the processor busy: 20 000 loops are some hundredths of a millisecond. */
export const workModule = (loops: number): string =>
  `export function work(): number { let sum = 0; for (let i = 0; i < ${loops}; i++) sum += Math.sqrt(i); return sum; }`;

export function createGitProject(files: Readonly<Record<string, string>>): GitProject {
  const project = createTempProject({ '.gitignore': 'node_modules\n.perf\nperf-out\n', ...files });
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-test-')));
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      cwd: project.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const commit = (message: string): void => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  };
  const remove = (): void => {
    project.remove();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  git('init', '--quiet', '--initial-branch', 'main');
  commit('first');
  git('checkout', '--quiet', '-b', 'change');
  return { ...project, temporary, git, commit, remove };
}
