import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallWorkspace, type SmallWorkspace } from './small-workspace.ts';
import { commit, git, linesOf, nx, plannedTasks, readText, write } from './workspace.ts';

let workspace: SmallWorkspace;
beforeAll(() => {
  workspace = smallWorkspace();
  git(workspace.root, 'init', '--quiet', '--initial-branch=main');
  commit(workspace.root, 'everything');
});
afterAll(() => workspace.remove());

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  nx(workspace.root, workspace.state, args, { ...workspace.env, ...env });

const everyProject = ['app-c', 'core', 'lib-a', 'lib-b'];
const lastCommit = ['--base=HEAD~1', '--head=HEAD'];

let touched = 0;
const touch = (file: string) => () => write(workspace.root, { [file]: `// ${++touched}\n` });
const remove = (file: string) => () => rmSync(join(workspace.root, file));

// Each starts Nx, which a busy machine makes slow.
const timeout = 120_000;

describe('nx affected -t perf', { timeout }, () => {
  it.each([
    ['one package', touch('packages/lib-a/src/index.js'), ['lib-a']],
    ['another one, by a new perf file', touch('packages/app-c/perf/new.perf.ts'), ['app-c']],
    ['the same, by removing that perf file', remove('packages/app-c/perf/new.perf.ts'), ['app-c']],
    ['core', touch('packages/core/src/index.js'), everyProject],
    ['docs', touch('docs/guide.md'), []],
  ])('after a commit to %s measures only what that can change', async (message, change, expected) => {
    change();
    commit(workspace.root, message);
    const ran = await run(['affected', '-t', 'perf', ...lastCommit]);
    expect(ran.exitCode, ran.output).toBe(0);
    expect(workspace.ran()).toEqual(expected);
    const title = `Performance of ${expected.length} project${expected.length === 1 ? '' : 's'}: ${expected.length} pass`;
    expect(ran.stdout.includes('Performance of')).toBe(expected.length > 0);
    if (expected.length > 0) expect(ran.stdout).toContain(title);
  });

  it('says beforehand what it would measure, and runs nothing', async () => {
    git(workspace.root, 'checkout', '--quiet', '-b', 'change');
    touch('packages/lib-b/src/index.js')();
    commit(workspace.root, 'lib-b');
    const shown = await run(['show', 'projects', '--affected', '--withTarget=perf', '--base=main']);
    expect(linesOf(shown)).toEqual(['lib-b']);
    const planned = await run(['affected', '-t', 'perf', '--base=main', '--graph=stdout']);
    expect(plannedTasks(planned)).toEqual(['lib-b:perf']);
    expect(workspace.ran()).toEqual([]);
  });
});

describe('nx run-many -t perf', { timeout }, () => {
  it.each([['false'], ['true']])(
    'measures anew, merges results and keeps the exit code, with plugins in processes of their own: %s',
    async (isolated) => {
      const verdicts = { STUB_VERDICT_lib_a: 'fail', STUB_VERDICT_lib_b: 'crash' };
      const env = { ...verdicts, STUB_MILLISECONDS: '60', NX_ISOLATE_PLUGINS: isolated };
      const { exitCode, stdout, output } = await run(['run-many', '-t', 'perf', '--parallel=3'], env);
      expect(exitCode, output).toBe(1);
      // All of them, the second time too, and one after the other.
      expect(workspace.ran()).toEqual(everyProject);
      const spans = workspace.spans().slice(-everyProject.length);
      expect(spans.map((span) => span.args)).toEqual(spans.map(() => 'run'));
      expect(spans.slice(1).filter((span, index) => span.from < spans[index]!.to)).toEqual([]);
      for (const line of [
        'Performance of 4 projects: 2 pass, 1 fail, 1 did not run',
        'app-c    pass         1           1 kept      1.2 s',
        'lib-a    fail         1           1 missed    1.2 s',
        'lib-b    did not run  -           -           -',
        'lib-a: p99 of work is 3ms',
        'lib-b: the task failed before there was a result; its output says why',
        'Summary: .perf/summary.md',
      ]) {
        expect(stdout).toContain(line);
      }
      expect(readText(workspace.root, '.perf/summary.md')).toContain('| lib-b | did not run | - | - | - | - |');
    },
  );

  it('leaves the outcome alone when the summary cannot be written', async () => {
    rmSync(join(workspace.root, '.perf'), { recursive: true, force: true });
    write(workspace.root, { '.perf': 'in the way' });
    const { exitCode, stdout, output } = await run(['run', 'core:perf']);
    rmSync(join(workspace.root, '.perf'));
    expect(exitCode, output).toBe(0);
    expect(stdout).toContain('Performance of 1 project: 1 pass');
    expect(stdout).toContain('Could not write .perf/summary.md');
  });
});
