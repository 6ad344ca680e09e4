import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMetrics } from '../perf/server-metrics.ts';
import { rootPath } from '../../../tools/test-support/source-cli-folder.ts';
import { createTempProject, eventually, isAlive, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject;
let scratch: string;
beforeAll(async () => {
  project = createTempProject();
  // As root the database belongs to nobody, who has to come through here.
  chmodSync(project.root, 0o755);
  mkdirSync(join(project.root, 'tmp'));
  scratch = join(project.root, 'tmp', `perfkeel-tasks-api-${process.getuid?.() ?? userInfo().username}`);
  await build({
    entryPoints: [rootPath('examples/tasks-api/src/server.ts')],
    outfile: join(project.root, 'server.js'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
});
afterAll(() => project.remove());

interface Server {
  readonly child: ChildProcess;
  readonly said: () => string;
}

function start(env: NodeJS.ProcessEnv = {}): Server {
  const child = spawn(process.execPath, ['server.js'], {
    cwd: project.root,
    env: { ...process.env, DATABASE_URL: '', REDIS_URL: '', TMPDIR: join(project.root, 'tmp'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
  return { child, said: () => text };
}

const end = async ({ child }: Server): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

const inScratch = (start: string): string[] =>
  existsSync(scratch) ? readdirSync(scratch).filter((name) => name.startsWith(start)) : [];

/** The database that is running, or undefined as long as none is. */
function database(): number | undefined {
  const [folder] = inScratch('run-');
  const file = join(scratch, folder ?? '', 'data/postmaster.pid');
  return folder !== undefined && existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

// In this order: the first start makes the cluster that all others copy.
describe.skipIf(process.platform === 'win32')('the server', { timeout: 60_000 }, () => {
  it.each<[string, NodeJS.Signals, (server: Server) => boolean]>([
    ['while it makes an empty cluster', 'SIGINT', () => inScratch('run-').length > 0],
    ['while the database starts', 'SIGTERM', () => database() !== undefined],
    ['when it listens', 'SIGHUP', ({ said }) => said().includes('listening on')],
  ])('leaves no process and no folder when it is ended %s', async (_, signal, reached) => {
    const server = start();
    await eventually(() => reached(server), 40_000);
    const pid = database();
    server.child.kill(signal);
    expect(await end(server)).toBe(0);
    expect(inScratch('run-')).toEqual([]);
    expect(inScratch('cluster-')).toHaveLength(1);
    if (pid !== undefined) expect(isAlive(pid)).toBe(false);
  });

  it('ends with the words of its database when that is killed in the middle of its work', async () => {
    const server = start();
    await eventually(() => server.said().includes('listening on'), 40_000);
    const url = /listening on (\S+)/.exec(server.said())![1]!;
    let working = true;
    const work = async (): Promise<void> => {
      while (working)
        await fetch(`${url}/reservations`, { method: 'POST', body: '{"type":"US"}' }).catch(() => undefined);
    };
    const all = Array.from({ length: 30 }, work);
    await eventually(async () => (await readMetrics(url))('db_pool_wait_seconds_count') > 60);
    process.kill(database()!, 'SIGKILL');
    expect(await end(server)).toBe(1);
    working = false;
    await Promise.all(all);
    expect(server.said()).toMatch(/the database has ended:\n[^]*\nit was ended by SIGKILL\n$/);
    expect(inScratch('run-')).toEqual([]);
  });

  it('names the variable that is wrong before anything is started', async () => {
    const server = start({ POOL_SIZE: 'many' });
    expect(await end(server)).toBe(2);
    expect(server.said()).toBe('POOL_SIZE is "many", expected a whole number from 1 to 1000\n');
  });
});
