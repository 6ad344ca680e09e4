import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTempProject, type TempProject } from '../../../../tools/test-support/temp-project.ts';
import { loadConfig } from '../config.ts';
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
  ['a folder without perf files', { filters: ['node_modules'] }, /no benchmark fits the selection/],
])('refused: %s', async (_, choice, message) => {
  await expect(chosen(choice)).rejects.toThrow(message);
});

it('what is listed is what would run', async () => {
  const io = ioAt(project.root);
  const listed = await listProjects({ filters: ['shared'], projects: ['@shop/api'] }, await loadConfig(io), io);
  expect(listed.map(({ benchmarks }) => benchmarks.map(({ id }) => id))).toEqual([['shared']]);
});
