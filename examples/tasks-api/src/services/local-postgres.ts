import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programIn, type Binaries } from './find-postgres.ts';
import { freePort } from './free-port.ts';
import { runFolder, scratchFolder } from './scratch-folder.ts';
import { execute, giveTo, unprivileged, type Identity } from './unprivileged.ts';

/** A database of our own. */
export interface LocalPostgres {
  readonly url: string;
  readonly pid: number;
  /** Settles with the end of its log, and how it ended, when it ends before `stop` is called. */
  readonly ended: Promise<string>;
  /** Ends it and removes its data. May be called any number of times. */
  readonly stop: () => Promise<void>;
}

/** Working folder of its programs: one that every user may enter. */
const cwd = process.platform === 'win32' ? process.cwd() : '/';

const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });

/**
 * An empty cluster, made once for each version and copied for each start: `initdb` takes seconds, a copy a tenth of one.
 */
async function emptyCluster(binaries: Binaries, identity: Identity): Promise<string> {
  const from = binaries.from.startsWith('@') ? 'embedded' : 'local';
  const kept = join(scratchFolder(), `cluster-${binaries.version}-${from}`);
  if (existsSync(kept)) return kept;
  // Swept by the next start if this one is killed before it is complete.
  const folder = await runFolder();
  const made = join(folder, 'data');
  const words = ['-D', made, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  try {
    await giveTo(identity, folder);
    await execute(programIn(binaries.bin, 'initdb'), words, { ...identity, cwd });
    await rename(made, kept);
  } catch (error) {
    // Another start was faster; it is the same.
    if (!existsSync(kept)) throw error;
  } finally {
    await remove(folder);
  }
  return kept;
}

async function newCluster(binaries: Binaries, identity: Identity): Promise<string> {
  const empty = await emptyCluster(binaries, identity);
  const folder = await runFolder();
  const data = join(folder, 'data');
  try {
    // A thousand small files, and whoever they belong to: the program is far quicker than `fs.cp`.
    if (process.platform === 'win32') await cp(empty, data, { recursive: true });
    else await execute('cp', ['-Rp', empty, data]);
    await giveTo(identity, folder);
  } catch (error) {
    await remove(folder);
    throw error;
  }
  return folder;
}

function launch(binaries: Binaries, folder: string, port: number, identity: Identity): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=120',
    'log_min_messages=log',
  ];
  const child = spawn(
    programIn(binaries.bin, 'postgres'),
    ['-D', join(folder, 'data'), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, cwd, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true },
  );
  // Whatever ends this process, even an error that nobody has caught. Its data is swept by the next start.
  const atExit = (): void => void child.kill('SIGQUIT');
  process.once('exit', atExit);
  child.once('exit', () => process.off('exit', atExit));
  return child;
}

const readyLine = 'ready to accept connections';
const patienceMs = 30_000;

interface Started {
  readonly child: ChildProcess;
  readonly log: () => string;
  readonly ready: boolean;
}

interface Ready extends Started {
  readonly port: number;
}

/** Waits until it is ready, or has ended, or nobody wants to wait any longer. */
async function untilReady(child: ChildProcess): Promise<Started> {
  let log = '';
  const ready = new Promise<boolean>((resolve) => {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4000);
      if (log.includes(readyLine)) resolve(true);
    });
    child.once('error', (error) => {
      log += error.message;
      resolve(false);
    });
    child.once('exit', () => resolve(false));
  });
  const waiting = new AbortController();
  const late = sleep(patienceMs, false, { signal: waiting.signal }).catch(() => false);
  const isReady = await Promise.race([ready, late]);
  waiting.abort();
  return { child, log: () => log, ready: isReady };
}

/** `immediate` shutdown: nothing of what it holds is kept, so nothing has to be written first. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(process.platform === 'win32' ? 'SIGTERM' : 'SIGQUIT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
}

/**
 * Starts a database of its own on a free port of 127.0.0.1, with `fsync` as it is by default: on. As root it runs as
 * nobody.
 *
 * @throws Error with the end of its log when it does not start.
 */
export async function startLocalPostgres(binaries: Binaries): Promise<LocalPostgres> {
  const identity = await unprivileged();
  const folder = await newCluster(binaries, identity);
  try {
    return running(await launchReady(binaries, folder, identity), folder);
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

/** Between looking for a port and taking it, somebody else may take it: then another one is tried. */
async function launchReady(binaries: Binaries, folder: string, identity: Identity): Promise<Ready> {
  for (let attempt = 0; ; attempt++) {
    const port = await freePort();
    const started = await untilReady(launch(binaries, folder, port, identity));
    if (started.ready) return { ...started, port };
    await end(started.child);
    if (attempt < 3 && /in use/i.test(started.log())) continue;
    throw new Error(`PostgreSQL ${binaries.version} from ${binaries.from} did not start:\n${started.log()}`);
  }
}

function running({ child, log, port }: Ready, folder: string): LocalPostgres {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await end(child);
    await remove(folder);
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    pid: child.pid!,
    ended: new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        const how = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`;
        if (stopping === undefined) resolve(`${log().trimEnd()}\n${how}`);
      }),
    ),
    stop: () => (stopping ??= stop()),
  };
}
