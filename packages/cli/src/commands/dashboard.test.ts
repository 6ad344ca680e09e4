import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderLog, runStore } from '@perfkeel/baseline';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';
import type { DashboardSeries } from '@perfkeel/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Io } from '../io.ts';
import { dashboardCommand } from './dashboard.ts';
import { dashboardSeries, runsOf } from './dashboard-history.ts';

let [folder, site, out] = ['', '', ''];
let io: Io;
let stop: (() => void) | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perfkeel-dashboard-command-'));
  site = join(folder, 'site');
  [out, stop] = ['', undefined];
  const output = { write: (text: string) => (out += text) };
  io = { cwd: folder, env: {}, stdout: output, stderr: output, onSignal: (listener) => void (stop = listener) };
  await writeFile(join(folder, 'package.json'), '{ "name": "orders" }');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const store = () => runStore(folderLog(join(folder, '.perf/store')));

/** A day of two benchmarks; from the 13th on one of them is a third slower, and from then on measured elsewhere too. */
async function measure(
  day: number,
  fields: { readonly environment?: string; readonly ids?: readonly string[] } = {},
): Promise<void> {
  const { environment = 'c0ffee00', ids = ['parse', 'render/<all>'] } = fields;
  const plans = ids.map((id) => samplePlan({ id, rounds: 2, objectives: ['p99 < 10ms'] }));
  await store().saveRun(
    sampleRun({
      id: `RUN-${environment}-${100 + day}`,
      startedAt: new Date(Date.UTC(2027, 0, 1 + day)).toISOString(),
      plans,
      provenance: { sha: String(10 + day).repeat(20) },
      environment: { class: environment, cpu: `cpu of ${environment}` },
      measurements: plans.flatMap(({ id: benchmark }) =>
        [0, 1].map((round) => {
          const level = benchmark === 'parse' && day >= 12 ? 4e6 : 3e6;
          const value = level * (1 + 0.005 * Math.sin(day * day + round));
          return sampleMeasurement({ benchmark, round, data: { kind: 'sample', values: [value] } });
        }),
      ),
    }),
  );
}

const measureDays = async (from: number, to: number): Promise<void> => {
  for (let day = from; day < to; day++) await measure(day);
};

const pages = async (): Promise<string[]> =>
  (await readdir(site, { recursive: true })).filter((name) => name.endsWith('l')).sort();

it('writes a folder of pages; again, only what has changed; and takes away what is no more', async () => {
  await measureDays(0, 24);
  await measure(2, { environment: 'decaf000', ids: ['parse'] });
  expect(await dashboardCommand({ out: 'site' }, io)).toBe(0);
  expect(out).toBe(
    `${join(site, 'index.html')}\n  3 series, 24 commits, 2 environments: 31 files written, 0 unchanged\n`,
  );
  expect(await pages()).toHaveLength(31);
  const index = await readFile(join(site, 'index.html'), 'utf8');
  expect(index).toContain('Performance of orders');
  expect(index).toMatch(/>parse<[\s\S]*>worse<[\s\S]*\+3\d\.\d %[\s\S]*>render\/&lt;all&gt;</);
  expect(index).toMatch(/cpu of c0ffee00[\s\S]*cpu of decaf000/);
  const feed = await readFile(join(site, 'changes.xml'), 'utf8');
  expect(feed.match(/<entry>/g)).toHaveLength(1);

  out = '';
  const before = (await stat(join(site, 'index.html'))).mtimeMs;
  await dashboardCommand({ out: 'site' }, io);
  expect(out).toMatch(/: 0 files written, 31 unchanged\n$/);
  expect((await stat(join(site, 'index.html'))).mtimeMs).toBe(before);

  // One more run: its commit, its two series, their environment, the index, the feed, and the commit of the change, whose
  // size is known better now.
  await measure(24);
  await writeFile(join(site, 'notes.txt'), 'of somebody else');
  await writeFile(join(site, 's', 'gone-0123456789abcdef.html'), 'a series that is no more');
  out = '';
  await dashboardCommand({ out: 'site' }, io);
  expect(out).toMatch(/3 series, 25 commits, 2 environments: 7 files written, 25 unchanged, 1 removed\n$/);
  expect(await readFile(join(site, 'notes.txt'), 'utf8')).toBe('of somebody else');
});

it('of more runs than are held at once it reads some benchmarks after the others, with the same result', async () => {
  const ids = ['parse', 'render/<all>', 'search', 'store'];
  for (let day = 0; day < 24; day++) await measure(day, { ids });
  const chosen = { last: 100, milestones: [], acceptances: [] };
  const runs = await runsOf(store(), chosen);
  const read = async (held?: number): Promise<readonly (readonly DashboardSeries[])[]> => {
    const parts: (readonly DashboardSeries[])[] = [];
    for await (const part of dashboardSeries(store(), runs, chosen, held)) parts.push(part);
    return parts;
  };
  const byName = (parts: readonly (readonly DashboardSeries[])[]): readonly DashboardSeries[] =>
    parts.flat().sort((a, b) => (a.key.benchmark < b.key.benchmark ? -1 : 1));
  const [whole, shared] = [await read(), await read(30)];
  expect(whole).toHaveLength(1);
  // 24 runs of four benchmarks, 30 at a time.
  expect(shared).toHaveLength(4);
  expect(shared.every((part) => part.length < ids.length)).toBe(true);
  expect(byName(shared)).toEqual(byName(whole));
  expect(byName(whole).map(({ changes }) => changes.length)).toEqual([1, 0, 0, 0]);
});

it('--last counts the runs of each machine by itself, and of the branch alone', async () => {
  await measureDays(0, 5);
  for (let day = 0; day < 4; day++) await measure(day, { environment: 'decaf000' });
  const runs = await runsOf(store(), {
    last: 2,
    branch: 'main',
    milestones: [{ name: 'first', run: 'RUN-c0ffee00-100' }],
    acceptances: [],
  });
  expect(runs.map(({ id }) => id)).toEqual([
    'RUN-c0ffee00-104',
    'RUN-decaf000-103',
    'RUN-c0ffee00-103',
    'RUN-decaf000-102',
    'RUN-c0ffee00-100',
  ]);
});

it('without --out it is beside the results; --last and --branch choose runs', async () => {
  await measureDays(0, 5);
  await dashboardCommand({ last: 2 }, io);
  expect(out).toContain(`${join(folder, '.perf', 'dashboard', 'index.html')}\n  2 series, 2 commits, 1 environment: `);
  await expect(dashboardCommand({ branch: 'other' }, io)).rejects.toMatchObject({
    code: 'no-such-branch',
    exitCode: 2,
  });
});

it('refuses what is none of its own, and says what to do', async () => {
  await expect(dashboardCommand({ out: 'site' }, io)).rejects.toMatchObject({ code: 'no-runs' });
  await measure(0);
  await mkdir(site);
  await writeFile(join(site, 'index.html'), 'my own page');
  await expect(dashboardCommand({ out: 'site' }, io)).rejects.toMatchObject({ code: 'not-a-dashboard', exitCode: 2 });
  expect(await readFile(join(site, 'index.html'), 'utf8')).toBe('my own page');
  // A link that somebody has put there leads nowhere.
  await rm(join(site, 'index.html'));
  await dashboardCommand({ out: 'site' }, io);
  await rm(join(site, 's'), { recursive: true });
  await symlink(folder, join(site, 's'));
  await expect(dashboardCommand({ out: 'site' }, io)).rejects.toMatchObject({ code: 'not-a-dashboard' });
  await expect(dashboardCommand({ out: 'package.json' }, io)).rejects.toMatchObject({
    code: 'not-writable',
    exitCode: 4,
  });
  for (const wrong of [{ port: 80 }, { serve: true, port: 70_000 }, { serve: true, port: NaN }, { last: 0 }]) {
    await expect(dashboardCommand(wrong, io)).rejects.toMatchObject({ code: 'bad-option', exitCode: 2 });
  }
});

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

/** As it is written: a client of the platform would tidy up the path. */
const ask = async (port: number, path: string, headers = {}, method = 'GET'): Promise<Answer> =>
  await new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], body }));
    });
    sent.on('error', reject).end();
  });

it('serves its pages to this computer, nothing else of the folder, until it is told to end', async () => {
  await measureDays(0, 2);
  const serving = dashboardCommand({ out: 'site', serve: true }, io);
  await expect.poll(() => out, { timeout: 20_000 }).toContain('serving http://127.0.0.1:');
  const port = Number(/127\.0\.0\.1:(\d+)\//.exec(out)![1]);
  await writeFile(join(site, 'secret.html'), 'not of the dashboard');

  expect(await ask(port, '/')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
  expect(await ask(port, '/changes.xml?x=1')).toMatchObject({
    status: 200,
    type: 'application/atom+xml; charset=utf-8',
  });
  expect(await ask(port, '/index.html', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  for (const path of [
    '/secret.html',
    '/../package.json',
    '/s/../../package.json',
    '/s/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '/..\\package.json',
    '/index.html%00',
    'http://evil.example/index.html',
    '/%zz',
    '//etc/passwd',
    '/s/',
    '/.perfkeel-dashboard',
  ]) {
    expect([path, (await ask(port, path)).status]).toEqual([path, 404]);
  }
  expect((await ask(port, '/', {}, 'POST')).status).toBe(405);
  // A name elsewhere that was turned to this address, whatever it looks like.
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost@evil.example']) {
    expect([host, (await ask(port, '/', { host })).status]).toEqual([host, 403]);
  }
  expect((await ask(port, '/', { host: `localhost:${port}` })).status).toBe(200);
  await expect(
    dashboardCommand({ out: 'site', serve: true, port }, { ...io, onSignal: () => undefined }),
  ).rejects.toMatchObject({
    code: 'port-in-use',
    exitCode: 2,
  });
  stop!();
  expect(await serving).toBe(0);
  await expect(ask(port, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
