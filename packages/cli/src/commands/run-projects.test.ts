import { expect, it } from 'vitest';
import { usageError, type Report } from '@perfkeel/core';
import type { Io } from '../io.ts';
import { runProjects, type RunOne } from './run-projects.ts';

const chosen = ['api', 'worker'].map((name) => ({
  project: { name: `@shop/${name}`, root: `/shop/packages/${name}`, files: [] },
  ...{ folder: `packages/${name}`, filters: [`/shop/packages/${name}/a.perf.ts`] },
}));
const passed = { run: { verdict: { kind: 'pass', reasons: [] } } } as unknown as Report;

function world(): { readonly io: Io; readonly press: () => void; readonly out: () => string } {
  const listeners: (() => void)[] = [];
  let out = '';
  const io: Io = {
    ...{ cwd: '/shop', env: {}, stderr: { write: () => undefined } },
    stdout: { write: (text) => void (out += text) },
    onSignal: (one) => void listeners.push(one),
  };
  return { io, press: () => listeners.forEach((listener) => listener()), out: () => out };
}

/** Measures nothing: prints its filter, and ends as it is told. */
const ending =
  (codes: readonly number[]): RunOne =>
  ([filter], { onReport }, io) => {
    onReport?.(passed);
    io.stdout.write(JSON.stringify({ filter }));
    return Promise.resolve(codes[filter!.includes('api') ? 0 : 1]!);
  };

it('a project that misses a promise does not stop the next, and the worst exit code counts', async () => {
  const { io, out } = world();
  expect(await runProjects(chosen, {}, ending([1, 3]), io)).toBe(1);
  expect(out()).toBe(
    '{"filter":"/shop/packages/api/a.perf.ts"}\n{"filter":"/shop/packages/worker/a.perf.ts"}\n' +
      '2 projects, exit code 1\n' +
      '  fail          @shop/api     perfkeel report -C packages/api\n' +
      '  inconclusive  @shop/worker  perfkeel report -C packages/worker\n',
  );
});

it('one document on stdout, with what went wrong in a project', async () => {
  const { io, out } = world();
  const second = ending([0, 0]);
  const one: RunOne = (filters, options, own) =>
    filters[0]!.includes('api')
      ? Promise.reject(usageError('it is wrong', { code: 'wrong' }))
      : second(filters, options, own);
  expect(await runProjects(chosen, { json: true }, one, io)).toBe(2);
  expect(JSON.parse(out())).toEqual({
    ...{ schemaVersion: 1, exitCode: 2 },
    projects: [
      {
        ...{ project: '@shop/api', folder: 'packages/api', exitCode: 2 },
        failure: { code: 'wrong', message: 'it is wrong' },
      },
      {
        ...{ project: '@shop/worker', folder: 'packages/worker', exitCode: 0 },
        report: { filter: '/shop/packages/worker/a.perf.ts' },
      },
    ],
  });
});

it('files of several projects do not overwrite each other', async () => {
  const seen: unknown[] = [];
  const one: RunOne = (_, { dir, reporter }) => Promise.resolve(seen.push([dir, reporter]) && 0);
  await runProjects(chosen, { reporter: ['terminal,html=out/report.html', 'junit=perf'] }, one, world().io);
  expect(seen).toEqual([
    ['/shop/packages/api', ['terminal', 'html=out/report.packages-api.html', 'junit=perf.packages-api']],
    ['/shop/packages/worker', ['terminal', 'html=out/report.packages-worker.html', 'junit=perf.packages-worker']],
  ]);
});

it('a command that could not do all it was asked to is no pass, whatever was measured', async () => {
  const { io, out } = world();
  expect(await runProjects(chosen, {}, ending([0, 2]), { ...io, cwd: '/shop/packages', startedIn: '/' })).toBe(2);
  expect(out()).toContain(
    '  pass       @shop/api     perfkeel report -C shop/packages/api\n' +
      '  a mistake  @shop/worker  perfkeel report -C shop/packages/worker\n',
  );
});

it('two documents on stdout are none', async () => {
  const run = runProjects(chosen, { reporter: ['junit'] }, ending([0, 0]), world().io);
  await expect(run).rejects.toMatchObject({ code: 'bad-option', hint: expect.stringMatching(/junit=FILE/) as string });
});

it('Ctrl-C reaches the project that is measured, and none is begun after it', async () => {
  const { io, press, out } = world();
  let heard = 0;
  const one: RunOne = (_, { onReport }, own) => {
    own.onSignal(() => heard++);
    press();
    onReport?.(passed);
    return Promise.resolve(130);
  };
  expect(await runProjects(chosen, {}, one, io)).toBe(130);
  expect(heard).toBe(1);
  expect(out()).toMatch(/interrupted {3}@shop\/api .*\n {2}not measured {2}@shop\/worker\n$/);
});
