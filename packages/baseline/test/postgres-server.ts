import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The newest PostgreSQL that Debian's packages put on this machine. */
export async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const newest = versions
    .map(Number)
    .filter(Number.isFinite)
    .sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : `/usr/lib/postgresql/${newest}/bin`;
}

/** PostgreSQL refuses to run as root. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server of its own in a temporary folder. */
export async function startPostgres(bin: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'perfkeel-postgres-'));
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  if (nobody.uid !== undefined) for (const each of [folder, data]) await chown(each, nobody.uid, nobody.gid);
  const init = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'perf', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C'],
    {
      ...nobody,
      cwd: folder,
      encoding: 'utf8',
    },
  );
  if (init.status !== 0) throw new Error(`initdb: ${init.stderr}`);
  // Between the look for a port and its use somebody else may take it: then another one is tried.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = launch(bin, folder, port);
    const said = await firstWords(server);
    const stop = async (): Promise<void> => {
      await end(server);
      await rm(folder, { recursive: true, force: true });
    };
    if (said.includes(readyLine)) return { url: `postgres://perf@127.0.0.1:${port}/postgres`, stop };
    await end(server);
    if (attempt < 4 && /in use/i.test(said)) continue;
    await stop();
    throw new Error(`postgres did not start: ${said}`);
  }
}

const readyLine = 'ready to accept connections';

function launch(bin: string, folder: string, port: number): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'shared_buffers=16MB',
    // Nobody asks this server what it kept when the machine stopped.
    'fsync=off',
    'autovacuum=off',
    'max_connections=60',
  ];
  return spawn(
    join(bin, 'postgres'),
    ['-D', join(folder, 'data'), '-p', String(port), ...settings.flatMap((each) => ['-c', each])],
    { ...nobody, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

/** What it says until it is ready, or has ended, or nobody wants to wait any longer. */
async function firstWords(server: ChildProcess): Promise<string> {
  let said = '';
  server.stderr!.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  for (let waited = 0; waited < 30_000 && !said.includes(readyLine); waited += 20) {
    await sleep(20);
    if (server.exitCode !== null) break;
  }
  return said;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill('SIGINT');
  await gone;
}
