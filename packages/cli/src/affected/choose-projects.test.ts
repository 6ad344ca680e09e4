import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureProject } from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../../tools/test-support/temp-project.ts';
import { loadConfig } from '../config.ts';
import { measureOptions, runCommand } from '../commands/run.ts';
import type { Io } from '../io.ts';
import { chooseProjects, listProjects, type Choice } from './choose-projects.ts';

let project: TempProject;
const nowhere = { write: () => true };
const ioAt = (cwd: string): Io => ({
  ...{ cwd, env: { PERFKEEL_CONDITIONS: '@perfkeel/source' }, stdout: nowhere, stderr: nowhere },
  onSignal: () => undefined,
});

const perfFile = (...names: readonly string[]): string =>
  ["import { bench } from '@perfkeel/latency';", ...names.map((name) => `bench('${name}', () => 1);`)].join('\n');

beforeAll(() => {
  project = createTempProject({
    'packages/api/package.json': '{ "name": "@shop/api" }',
    'packages/api/perf/parse.perf.ts': perfFile('shared', 'orders'),
    'packages/worker/package.json': '{ "name": "@shop/worker" }',
    'packages/worker/perf/queue.perf.ts': perfFile('shared', 'parse'),
    'other/stray.ts': perfFile('stray'),
  });
});
afterAll(() => project.remove());

async function chosen(choice: Partial<Choice>, folder = ''): Promise<Readonly<Record<string, readonly string[]>>> {
  const io = ioAt(join(project.root, folder));
  const found = await chooseProjects({ filters: [], ...choice }, await loadConfig(io), io);
  const short = (filter: string): string => filter.replace(`${project.root}/`, '');
  return Object.fromEntries((found ?? []).map((one) => [one.folder, one.filters.map(short)]));
}

const [api, worker] = ['packages/api/perf/parse.perf.ts', 'packages/worker/perf/queue.perf.ts'];

it.each<[string, Partial<Choice>, Readonly<Record<string, readonly string[]>>]>([
  ['everything', {}, { 'packages/api': [api], 'packages/worker': [worker] }],
  ['a folder', { filters: ['packages/api'] }, { 'packages/api': [api] }],
  ['a perf file', { filters: [worker] }, { 'packages/worker': [worker] }],
  ['a project by its name', { projects: ['@shop/api'] }, { 'packages/api': [api] }],
  ['a project by its name and by its folder', { projects: ['@shop/api', 'packages/api'] }, { 'packages/api': [api] }],
  ['a project by its folder', { projects: ['packages/worker'] }, { 'packages/worker': [worker] }],
  ['a file that no project takes in', { filters: ['other/stray.ts'] }, { '': ['other/stray.ts'] }],
  [
    'names of both; a word that is a name in one project is no path in the other',
    { filters: ['shared', 'parse'] },
    { 'packages/api': [api, 'shared'], 'packages/worker': [worker] },
  ],
  ['a word of a path above the project', { filters: ['api'] }, { 'packages/api': [api] }],
])('%s', async (_, choice, expected) => {
  expect(await chosen(choice)).toEqual(expected);
});

it('alone in its folder a project is no workspace', async () => {
  expect(await chosen({}, 'packages/api')).toEqual({});
});

it.each<[string, Partial<Choice>, RegExp]>([
  ['no kind fits', { kinds: ['load'] }, /no benchmark fits the selection/],
  ['no such project', { projects: ['shop'] }, /no project "shop" with perf files/],
  ['a file of another project than the one asked for', { projects: ['@shop/api'], filters: [worker] }, /no benchmark/],
  ['a file of no project', { projects: ['@shop/api'], filters: ['other/stray.ts'] }, /no benchmark fits/],
  ['a folder without perf files', { filters: ['node_modules'] }, /no benchmark fits the selection/],
])('refused: %s', async (_, choice, message) => {
  await expect(chosen(choice)).rejects.toThrow(message);
});

it('what is listed is what would run', async () => {
  const io = ioAt(project.root);
  const listed = await listProjects({ filters: ['shared'], projects: ['@shop/api'] }, await loadConfig(io), io);
  expect(listed.map(({ benchmarks }) => benchmarks.map(({ id }) => id))).toEqual([['shared']]);
});

it('what is chosen of a project by words of the workspace is what is measured there', async () => {
  project.write('packages/api/perf/more.perf.ts', perfFile('perf', 'invoice', 'other'));
  const io = ioAt(project.root);
  const config = await loadConfig(io);
  // `perf` is a name, and from the project a folder; `api/perf/parse` is a path from the workspace alone.
  const words = ['api/perf/parse', 'perf', 'invoice'];
  const [one] = (await chooseProjects({ filters: words }, config, io))!;
  const options = { kind: ['bench'], short: true, wordsFrom: config.root };
  const own = await loadConfig(io, one!.project.root);
  const { plan } = await measureProject(measureOptions(one!.filters, options, own, io));
  expect(plan.benchmarks.map(({ id }) => id).sort()).toEqual(['invoice', 'orders', 'perf', 'shared']);
  rmSync(join(project.root, 'packages/api/perf/more.perf.ts'));
});

it('a perf file that cannot be read stops no other project', async () => {
  const broken = 'packages/broken/perf/a.perf.ts';
  project.write('packages/broken/package.json', '{ "name": "@shop/broken" }');
  project.write(broken, 'throw new Error("broken");');
  expect(await chosen({ filters: ['orders'] })).toEqual({
    'packages/api': [api, 'orders'],
    'packages/broken': [broken, 'orders'],
  });
  const io = ioAt(project.root);
  await expect(listProjects({ filters: ['orders'] }, await loadConfig(io), io)).rejects.toThrow(/broken/);
  rmSync(join(project.root, 'packages/broken'), { recursive: true });
});

it('two projects with one name are told apart by their folders', async () => {
  project.write('packages/twin/package.json', '{ "name": "@shop/api" }');
  project.write('packages/twin/a.perf.ts', perfFile('twin'));
  await expect(chosen({ projects: ['@shop/api'] })).rejects.toMatchObject({
    message: '2 projects are called "@shop/api": packages/api, packages/twin',
    hint: 'Name the folder: --project packages/api',
  });
  expect(Object.keys(await chosen({ projects: ['packages/twin'] }))).toEqual(['packages/twin']);
  rmSync(join(project.root, 'packages/twin'), { recursive: true });
});

it('a workspace whose perf files are all in projects below has nothing to measure itself', async () => {
  for (const folder of ['.', 'packages/api', 'packages/worker']) {
    project.write(`${folder}/perf.config.js`, 'export default {};');
  }
  project.write('nx.json', '{}');
  let said = '';
  const io = { ...ioAt(project.root), stderr: { write: (text: string) => (said += text) } };
  expect(await runCommand([], { project: ['.'] }, io)).toBe(0);
  expect(said).toBe(`${project.root} has no perf files of its own\n`);
  expect(Object.keys(await chosen({ projects: ['.', 'packages/api'] }))).toEqual(['packages/api']);
});
