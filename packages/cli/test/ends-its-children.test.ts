import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, it } from 'vitest';
import { startCli } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, eventually, isAlive, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

const loops = (name: string): string => `
  import { writeFileSync } from 'node:fs';
  writeFileSync('${name}.pid', String(process.pid) + ' ');
  for (;;) {}`;

it('whatever ends a command ends the processes that read perf files, also those that loop', async () => {
  const signals = ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
  project = createTempProject(Object.fromEntries(signals.map((name) => [`${name}.perf.ts`, loops(name)])));
  const { root } = project;
  const readers = await Promise.all(
    signals.map(async (signal) => {
      const { child, result } = await startCli(['list', `${signal}.perf.ts`], root);
      const file = join(root, `${signal}.pid`);
      await eventually(() => existsSync(file) && readFileSync(file, 'utf8').endsWith(' '), 30_000);
      child.kill(signal);
      await result;
      return Number(readFileSync(file, 'utf8'));
    }),
  );
  for (const pid of readers) await eventually(() => !isAlive(pid));
});
