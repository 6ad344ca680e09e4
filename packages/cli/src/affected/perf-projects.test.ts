import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createTempProject, type TempProject } from '../../../../tools/test-support/temp-project.ts';
import { loadConfig } from '../config.ts';
import type { Io } from '../io.ts';
import { perfProjects } from './perf-projects.ts';

let project: TempProject;
afterEach(() => project.remove());

const nowhere = { write: () => true };
async function names(): Promise<string[]> {
  const io: Io = { cwd: project.root, env: {}, stdout: nowhere, stderr: nowhere, onSignal: () => undefined };
  return (await perfProjects(await loadConfig(io), io)).map(({ name }) => name);
}

it('without its perf.config a package has no perf target in Nx, and is measured all the same elsewhere', async () => {
  project = createTempProject({ 'nx.json': '{}' });
  for (const name of ['latency', 'load']) {
    project.write(`packages/${name}/package.json`, JSON.stringify({ name }));
    project.write(`packages/${name}/perf/a.perf.ts`, '');
    project.write(`packages/${name}/perf.config.js`, 'export default {};');
  }
  expect(await names()).toEqual(['latency', 'load']);
  rmSync(join(project.root, 'packages/load/perf.config.js'));
  expect(await names()).toEqual(['latency']);
  rmSync(join(project.root, 'nx.json'));
  expect(await names()).toEqual(['latency', 'load']);
});
