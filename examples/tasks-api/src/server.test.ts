import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMetrics } from '../perf/server-metrics.ts';
import { runCli } from '../../../tools/test-support/source-cli.ts';
import { eventually, isAlive } from '../../../tools/test-support/temp-project.ts';
import { buildServer, type BuiltServer, type RunningServer } from '../test/built-server.ts';

let built: BuiltServer;
let scratch: string;
beforeAll(async () => {
  built = await buildServer();
  scratch = join(built.tmp, `perfkeel-tasks-api-${process.getuid?.() ?? userInfo().username}`);
});
afterAll(() => built.remove());

const start = (env: NodeJS.ProcessEnv = {}): RunningServer => built.start(env);

const end = async ({ child }: RunningServer): Promise<number | null> => {
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
  it.each<[string, NodeJS.Signals, (server: RunningServer) => boolean]>([
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

interface Remark {
  readonly code: string;
  readonly message: string;
  readonly forbids?: string;
  readonly remedies?: readonly string[];
}

/** What a run of perfkeel found of a new server with these faults, some of which happen once. */
async function remarksOn(env: Readonly<Record<string, string>>, time: '4s' | '8s'): Promise<readonly Remark[]> {
  const tasks = Array.from({ length: 20 }, (_, i) => ({ path: `/tasks/${i + 1}`, weight: 3 }));
  const options = {
    requests: [...tasks, { path: '/tasks/next', weight: 40 }],
    // Clients that pause: a busy machine makes them slower, and no other load than the intended one.
    ...{ clients: 20, think: { from: '50ms', to: '150ms' }, for: time, warmup: '1s', rounds: 1 },
    ...{ evidence: { metrics: '/metrics', every: '500ms' }, objectives: ['errors < 100%'] },
  };
  const code = `import { load, target } from 'perfkeel';
const command = ['node', 'server.js'];
const api = target({ command, ready: /listening on (?<url>\\S+)/, env: ${JSON.stringify({ TMPDIR: built.tmp, ...env })} });
load('faults', { target: api, ...${JSON.stringify(options)} });`;
  writeFileSync(join(built.folder, 'faults.perf.ts'), code);
  const { code: exit, stderr } = await runCli(['run'], built.folder);
  expect([0, 3], stderr).toContain(exit);
  const run = JSON.parse(readFileSync(join(built.folder, '.perf/latest/run.json'), 'utf8')) as {
    readonly measurements: readonly { readonly metric: string; readonly warnings: readonly Remark[] }[];
  };
  return run.measurements.find(({ metric }) => metric === 'response-time')!.warnings;
}

const isSpoilt = (remarks: readonly Remark[]): boolean => remarks.some(({ forbids }) => forbids === 'verdict');
const itFinds = it.skipIf(process.platform === 'win32');

itFinds.each<[string, Readonly<Record<string, string>>, '4s' | '8s', string | undefined, RegExp]>([
  ['nothing in a healthy one', {}, '8s', undefined, /^$/],
  [
    'a query in 25 that takes 400 ms',
    { SLOW_QUERY_MS: '400', SLOW_QUERY_EACH: '25' },
    '4s',
    'tail-only',
    /half of the requests took .* and one in a hundred (?<tail>[\d.]+ m?s) or longer.* queries took \d+ ms at p99, and/,
  ],
  [
    'a database that is away for a moment',
    { AWAY_AFTER_MS: '4000', AWAY_FOR_MS: '700' },
    '8s',
    'error-burst',
    /\d+ of \d+ failures came within [12] s, from \d(\.\d+)? s on: .*, mostly as status/,
  ],
])('evidence of a server finds %s', { timeout: 240_000 }, async (_, env, time, wanted, sentence) => {
  const firstOf = (remarks: readonly Remark[]) => remarks.find(({ remedies }) => remedies !== undefined);
  let remarks = await remarksOn(env, time);
  // On a machine without time nothing is said of the target, rather than something wrong.
  const isSilent = (): boolean => isSpoilt(remarks) || (wanted !== undefined && firstOf(remarks) === undefined);
  for (let again = 0; again < 2 && isSilent(); again++) remarks = await remarksOn(env, time);
  const first = firstOf(remarks);
  if (isSpoilt(remarks)) return expect(first).toBeUndefined();
  expect(first?.code, first?.message).toBe(wanted);
  expect(first?.message ?? '').toMatch(sentence);
  const tail = sentence.exec(first?.message ?? '')?.groups?.['tail'];
  // A busy machine adds to what the query takes.
  if (tail !== undefined) expect(parseFloat(tail) * (tail.endsWith('ms') ? 1 : 1000)).toBeGreaterThanOrEqual(400);
});
