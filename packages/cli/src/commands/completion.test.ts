import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { createTempProject, type TempProject } from '../../../../tools/test-support/temp-project.ts';
import { findDebianProgram } from '../../../report/test/support/debian-program.ts';
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

/** A program of that name in the project, which answers as the real one does behind `perfkeel run`. */
async function answering(shell: string): Promise<{ readonly root: string; readonly script: string }> {
  const root = create();
  const { stdout: script } = await said(['completion', shell]);
  const { stdout: lines } = await said(['__complete', '--', 'run'], root);
  project!.write('answers.txt', lines);
  project!.write(`script.${shell}`, script);
  chmodSync(project!.write('perfkeel', `#!/bin/sh\ncat '${root}/answers.txt'\n`), 0o755);
  return { root, script };
}

it('in a real bash: what fits, quoted as it must be', async () => {
  const { root, script } = await answering('bash');
  const complete = (current: string): string =>
    `COMP_WORDS=(./perfkeel run ${current}); COMP_CWORD=2; _perfkeel; printf '<%s>' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', `${script}${complete('GET')}; ${complete('--ki')}`], {
    cwd: root,
  });
  expect(stdout).toBe('<GET\\ /orders\\ p1><--kind>');
});

const [fish, zsh] = ['fish', 'zsh'].map((name) => {
  const found = findDebianProgram(name);
  if (found === undefined)
    console.warn(`SKIPPED: no completion was made by ${name}. Install it: apt-get install ${name}.`);
  return found;
});

it.skipIf(fish === undefined)('in a real fish: words that fit with what they mean, and files', async () => {
  const { root } = await answering('fish');
  const asked = ['perfkeel run GE', 'perfkeel run --ki', 'perfkeel run ans'].map((line) => `complete -C '${line}'`);
  const { stdout } = await promisify(execFile)(
    fish!,
    ['--no-config', '-c', `source script.fish; ${asked.join('; ')}`],
    {
      cwd: root,
      env: { PATH: `${root}:/usr/bin:/bin`, HOME: root },
    },
  );
  const [first, kind, file] = stdout.split('\n');
  expect([first, kind!.split('\t')[0], file!.split('\t')[0]]).toEqual([
    'GET /orders p1\tload',
    '--kind',
    'answers.txt',
  ]);
});

/** A zsh in a terminal completes each line, and a key writes down what then stands there. */
const typedInto = (lines: readonly string[]): string => `
zmodload zsh/zpty
zpty shell 'zsh -f -i'
zpty -w shell 'PROMPT=; autoload -Uz compinit; compinit -u -D; . ./script.zsh; told() { print -r -- "<$BUFFER>" >> told.txt; BUFFER= }; zle -N told; bindkey "^T" told; echo re-"ady"'
zpty -r -m shell heard '*re-ady*' || exit 1
for line in ${lines.map((line) => `'${line}'`).join(' ')}; do zpty -w -n shell "$line"$'\\t\\C-t'; done
repeat 100 { [[ -f told.txt && $(wc -l < told.txt) -ge ${lines.length} ]] && break; sleep 0.1 }
cat told.txt
zpty -d shell
`;

it.skipIf(zsh === undefined)('in a real zsh: what fits, quoted as it must be, and files', async () => {
  const { root } = await answering('zsh');
  const lines = ['perfkeel run GE', 'perfkeel run --ki', 'perfkeel run ans'];
  const env = { PATH: `${root}:/usr/bin:/bin`, HOME: root, TERM: 'dumb' };
  const { stdout } = await promisify(execFile)(zsh!, ['-f', '-c', typedInto(lines)], {
    cwd: root,
    env,
    timeout: 25_000,
  });
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    '<perfkeel run GET\\ /orders\\ p1 >',
    '<perfkeel run --kind >',
    '<perfkeel run answers.txt >',
  ]);
});

it.each(['bash', 'zsh', 'fish'])('the script for %s asks the command itself', async (shell) => {
  const { code, stdout } = await said(['completion', shell]);
  expect(stdout).toMatch(/__complete -- /);
  expect(code).toBe(0);
});
