import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { createTempProject, type TempProject } from '../../../../tools/test-support/temp-project.ts';
import { said } from '../../test/support/said.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

const run = {
  plan: {
    benchmarks: [
      { id: 'GET /orders p1', kind: 'load' },
      { id: 'evil\u001b[2J\nname', kind: 'bench' },
    ],
  },
};
const create = (): string =>
  (project = createTempProject({ '.perf/latest/run.json': JSON.stringify(run), 'src/.keep': '' })).root;

const answers = async (words: readonly string[], cwd: string): Promise<readonly string[]> =>
  (await said(['__complete', '--', ...words], cwd)).stdout.split('\n').map((line) => line.split('\t')[0]!);

it('answers with commands, options, names of benchmarks and values', async () => {
  const root = create();
  expect(await answers([], root)).toEqual(expect.arrayContaining(['run', 'load', 'help', '-C', '--ascii']));
  expect(await answers([], root)).not.toContain('__complete');
  expect(await answers(['run'], root)).toEqual(
    expect.arrayContaining(['GET /orders p1', 'evil name', '--kind', '--watch', ':files']),
  );
  expect(await answers(['run', '--kind'], join(root, 'src'))).toEqual(
    expect.arrayContaining(['bench', 'load', 'capacity']),
  );
  expect(await answers(['baseline'], root)).toEqual(expect.arrayContaining(['list', 'set', 'prune']));
  expect(await answers(['run', '-C', root], '/')).toContain('GET /orders p1');
  expect(await answers(['import', 'auto'], root)).toContain(':files');
});

it('says nothing, and fails at nothing, where nothing is known', async () => {
  const { root } = (project = createTempProject({ '.perf/latest/run.json': '{"plan": 3' }));
  expect(await said(['__complete', '--', 'run', '--seed'], root)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((await said(['__complete', '--', 'run'], root)).code).toBe(0);
});

it('in a real bash: what fits, quoted as it must be', async () => {
  const root = create();
  const { stdout: script } = await said(['completion', 'bash']);
  const { stdout: lines } = await said(['__complete', '--', 'run'], root);
  project!.write('answers.txt', lines);
  chmodSync(project!.write('perfkeel', '#!/bin/sh\ncat answers.txt\n'), 0o755);
  const complete = (current: string): string =>
    `COMP_WORDS=(./perfkeel run ${current}); COMP_CWORD=2; _perfkeel; printf '<%s>' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', `${script}${complete('GET')}; ${complete('--ki')}`], {
    cwd: root,
  });
  expect(stdout).toBe('<GET\\ /orders\\ p1><--kind>');
});

it.each(['bash', 'zsh', 'fish'])('the script for %s asks the command itself', async (shell) => {
  const { code, stdout } = await said(['completion', shell]);
  expect(stdout).toMatch(/__complete -- /);
  expect(code).toBe(0);
});
