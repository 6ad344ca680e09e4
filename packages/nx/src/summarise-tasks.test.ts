import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFile } from '../test/run-file.ts';
import { readText, temporaryFolder, write, type TemporaryFolder } from '../test/workspace.ts';
import { summariseTasks, type FinishedTasks } from './summarise-tasks.ts';

const started = Date.parse('2026-03-01T12:00:00Z');

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

type TaskResult = FinishedTasks['taskResults'][string];

interface TaskSketch {
  readonly target?: string;
  readonly status?: TaskResult['status'];
  readonly root?: string;
  /** `null` for a task that Nx gave no time. */
  readonly startTime?: number | null;
}

/** What Nx hands over after it ran a target in projects of `packages/`. */
function finished(tasks: Readonly<Record<string, TaskSketch>>, startTime?: number): FinishedTasks {
  const results = Object.entries(tasks).map(([project, sketch]): readonly [string, TaskResult] => {
    const { target = 'perf', status = 'success', root = `packages/${project}`, startTime: at = started } = sketch;
    const id = `${project}:${target}`;
    const task = {
      id,
      target: { project, target },
      overrides: {},
      outputs: [],
      projectRoot: root,
      parallelism: false,
      cache: false,
      ...(at === null ? {} : { startTime: at }),
    };
    return [id, { task, status, code: status === 'success' ? 0 : 1 }];
  });
  const times = startTime === undefined ? {} : { startTime };
  return { workspaceRoot: folder.root, taskResults: Object.fromEntries(results), ...times };
}

/** Writes a result `seconds` after the tasks started. */
function result(project: string, content: string | object, seconds = 1): void {
  const name = `packages/${project}/.perf/latest/run.json`;
  write(folder.root, { [`packages/${project}/perf.config.ts`]: 'export default {};\n', [name]: content });
  const at = new Date(started + seconds * 1000);
  utimesSync(join(folder.root, name), at, at);
}

async function summary(tasks: FinishedTasks, targetName?: string): Promise<string[]> {
  const printed: string[] = [];
  const options = targetName === undefined ? undefined : { targetName };
  await summariseTasks(options, tasks, (title, lines) => void printed.push(title, ...lines));
  return printed;
}

const summaryText = (): string => readText(folder.root, '.perf/summary.md');

describe('summariseTasks', () => {
  it('merges the results of all projects into one table', async () => {
    result('orders', runFile({ verdict: 'fail', judged: [['clean', 'fail']], durationMs: 95_400 }));
    result('cache', runFile({ planned: [{ id: 'leak', expected: 'fail' }, 'x'], judged: [['leak', 'fail']] }));
    result(
      'parsers',
      runFile({
        judged: [
          ['clean', 'pass'],
          ['clean', 'warn'],
        ],
      }),
    );
    expect(await summary(finished({ orders: { status: 'failure' }, parsers: {}, cache: {} }))).toEqual([
      'Performance of 3 projects: 2 pass, 1 fail',
      'project  verdict  benchmarks  objectives            duration',
      'cache    pass     1 of 2      1 missed as expected  1.5 s',
      'orders   fail     1           1 missed              1 min 35 s',
      'parsers  pass     1           2 kept                1.5 s',
      'orders: p99 is 3ms, limit 2ms',
      '',
      'Summary: .perf/summary.md',
    ]);
  });

  it('writes the same as Markdown, with links to the reports of each project', async () => {
    result('orders', runFile({ verdict: 'fail', judged: [['clean', 'fail']] }));
    write(folder.root, { 'packages/plain/perf.config.ts': '' });
    await summary(finished({ orders: { status: 'failure' }, plain: { status: 'skipped' } }));
    expect(summaryText()).toBe(
      [
        '# Performance',
        '',
        '| project | verdict | benchmarks | objectives | duration | report |',
        '| --- | --- | --- | --- | --- | --- |',
        '| orders | fail | 1 | 1 missed | 1.5 s | [html](../packages/orders/.perf/latest/report.html) · [markdown](../packages/orders/.perf/latest/report.md) · [json](../packages/orders/.perf/latest/run.json) |',
        '| plain | did not run | - | - | - | - |',
        '',
        '- orders: p99 is 3ms, limit 2ms',
        '- plain: a task that it depends on failed',
        '',
      ].join('\n'),
    );
  });

  it('counts a project at the root of the workspace', async () => {
    write(folder.root, { 'perf.config.ts': '', '.perf/latest/run.json': runFile({}) });
    expect((await summary(finished({ all: { root: '.' } })))[0]).toBe('Performance of 1 project: 1 pass');
    expect(summaryText()).toContain('[html](../.perf/latest/report.html)');
  });

  it('says of a run that it was interrupted, or that it was a rehearsal', async () => {
    result('cut', { ...runFile({ planned: ['clean', 'never'] }), interrupted: true });
    const whole = runFile({ judged: [] });
    result('short', { ...whole, plan: { ...whole.plan, short: true } });
    const lines = await summary(finished({ cut: {}, short: {} }));
    expect(lines.slice(2, -2)).toEqual([
      'cut      pass     1 of 2      1 kept      1.5 s',
      'short    pass     0 of 1      not judged  1.5 s',
      'cut: interrupted',
    ]);
  });

  it('speaks only of its own target, under the name that it has', async () => {
    result('a', runFile({}));
    expect(await summary(finished({ a: { target: 'build' } }))).toEqual([]);
    expect(await summary(finished({ a: {} }), 'measure')).toEqual([]);
    expect(existsSync(join(folder.root, '.perf'))).toBe(false);
    expect((await summary(finished({ a: { target: 'measure' } }), 'measure'))[0]).toBe(
      'Performance of 1 project: 1 pass',
    );
  });

  it('leaves out a project that has nothing to do with perfkeel', async () => {
    write(folder.root, { 'packages/other/package.json': { scripts: { perf: 'echo' } } });
    expect(await summary(finished({ other: {} }))).toEqual([]);
  });

  it('takes a result without a perf.config, since every setting has a default', async () => {
    write(folder.root, { 'packages/plain/.perf/latest/run.json': runFile({}) });
    expect((await summary(finished({ plain: {} })))[0]).toBe('Performance of 1 project: 1 pass');
  });
});

describe('a result from another run', () => {
  const stale = -60;

  it.each([
    ['success', 'the task succeeded without writing .perf/latest/run.json'],
    ['failure', 'the task failed before there was a result; its output says why'],
    ['skipped', 'a task that it depends on failed'],
    ['local-cache', 'Nx replayed an old result: set "cache": false for this target'],
  ] as const)('does not count after %s', async (status, why) => {
    result('a', runFile({}), status === 'local-cache' || status === 'skipped' ? 1 : stale);
    const lines = await summary(finished({ a: { status } }));
    expect(lines[0]).toBe('Performance of 1 project: 1 did not run');
    expect(lines).toContain('a        did not run  -           -           -');
    expect(lines).toContain(`a: ${why}`);
  });

  it('is not missed where perfkeel chose to measure nothing', async () => {
    result('a', runFile({}), stale);
    const selection = (decision: string): object => ({ choices: [{ decision }] });
    write(folder.root, { 'packages/a/.perf/latest/affected.json': selection('skip') });
    const lines = await summary(finished({ a: {} }));
    expect(lines[0]).toBe('Performance of 1 project: 1 not affected');
    expect(lines).toContain('a: no changed input');
    expect((await summary(finished({ a: { status: 'failure' } })))[0]).toContain('1 did not run');
    write(folder.root, { 'packages/a/.perf/latest/affected.json': selection('run') });
    expect((await summary(finished({ a: {} })))[0]).toContain('1 did not run');
  });

  it.each([
    ['of the task', { startTime: started }, undefined],
    ['of the command, when the task has none', { startTime: null }, started],
  ] as const)('is known by the start %s', async (_, sketch, startTime) => {
    result('new', runFile({}), 0);
    result('old', runFile({}), -0.001);
    const lines = await summary(finished({ new: sketch, old: sketch }, startTime));
    expect(lines[0]).toBe('Performance of 2 projects: 1 pass, 1 did not run');
  });

  it('is known even when Nx gives no times at all', async () => {
    result('old', runFile({}));
    write(folder.root, { 'packages/new/.perf/latest/run.json': runFile({}) });
    const lines = await summary(finished({ new: { startTime: null }, old: { startTime: null } }));
    expect(lines[0]).toBe('Performance of 2 projects: 1 pass, 1 did not run');
  });

  it('is told from a new one on a file system that rounds times down', async () => {
    result('a', runFile({ startedAt: '2026-03-01T12:00:00.400Z' }), -0.9);
    expect((await summary(finished({ a: {} })))[0]).toBe('Performance of 1 project: 1 pass');
  });
});

describe('a broken world', () => {
  it('says which result cannot be read, and still shows the others', async () => {
    result('cut', '{"schemaVersion":1,"verd');
    result('fine', runFile({}));
    write(folder.root, { 'packages/folder/.perf/latest/run.json/x': '' });
    const lines = await summary(finished({ cut: {}, fine: {}, folder: { startTime: 0 } }));
    expect(lines[0]).toBe('Performance of 3 projects: 2 unreadable, 1 pass');
    expect(lines).toContainEqual(expect.stringMatching(/^cut: run\.json: .*JSON/));
    expect(lines).toContainEqual(expect.stringMatching(/^folder: run\.json: EISDIR/));
    expect(lines).toContain('fine     pass        1           1 kept      1.5 s');
  });

  it('prints the table when the summary cannot be written', async () => {
    result('a', runFile({}));
    write(folder.root, { '.perf': 'a file where the folder should be' });
    const lines = await summary(finished({ a: {} }));
    expect(lines[0]).toBe('Performance of 1 project: 1 pass');
    expect(lines.at(-1)).toMatch(/^Could not write \.perf\/summary\.md: (EEXIST|ENOTDIR)/);
  });

  it('does not throw for options or tasks that are nonsense', async () => {
    const [title, why] = await summary(finished({}), '');
    expect(title).toBe('Performance: no summary');
    expect(why).toContain('targetName is ""');
    const nothing = { workspaceRoot: folder.root } as FinishedTasks;
    expect((await summary(nothing))[0]).toBe('Performance: no summary');
  });

  it('shows only the first reasons of a long list', async () => {
    result('a', runFile({ verdict: 'fail', reasons: ['one', 'two', 'three', 'four', 'five'] }));
    const lines = await summary(finished({ a: {} }));
    expect(lines.slice(3, -2)).toEqual(['a: one', 'a: two', 'a: three', 'a: and 2 more, in its report']);
  });

  it('lets no text move the cursor, end a row or become markup', async () => {
    result('a', runFile({ verdict: 'warn', reasons: ['\u001b[31mred\u001b[0m\nnext | <b>cell</b>\u0007'] }));
    const lines = await summary(finished({ a: {} }));
    expect(lines).toContain('a: red next | <b>cell</b> ');
    expect(summaryText()).toContain('- a: red next \\| \\<b\\>cell\\</b\\>');
  });
});
