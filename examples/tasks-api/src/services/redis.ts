import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A Redis that answers, and how to end it if it is ours. */
export interface Redis {
  readonly url: string;
  readonly from: string;
  stop(): Promise<void>;
}

/** `redis-server`, or what speaks its language, on PATH. */
export function redisProgram({ PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  const names = ['redis-server', 'valkey-server', 'keydb-server'];
  return PATH.split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** `REDIS_URL`, or a server of our own that keeps nothing; `undefined` when there is none on this machine. */
export async function startRedis(env: NodeJS.ProcessEnv): Promise<Redis | undefined> {
  const url = env['REDIS_URL'];
  if (url !== undefined && url !== '') return { url, from: 'REDIS_URL', stop: () => Promise.resolve() };
  const program = redisProgram(env);
  if (program === undefined) return undefined;
  // Between looking for a port and taking it, somebody else may take it: then another one is tried.
  for (let attempt = 0; attempt < 4; attempt++) {
    const started = await launch(program, await freePort());
    if (started !== 'port taken') return started;
  }
  return undefined;
}

async function launch(program: string, port: number): Promise<Redis | 'port taken' | undefined> {
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'], windowsHide: true });
  const gone = new Promise<void>((resolve) => {
    // Once it has exited, what it said last may still have to be read.
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const atExit = (): void => void child.kill('SIGKILL');
  process.once('exit', atExit);
  const stop = async (): Promise<void> => {
    process.off('exit', atExit);
    child.kill('SIGKILL');
    await gone;
  };
  let said = '';
  const ready = new Promise<boolean>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
      if (/ready to accept/i.test(said)) resolve(true);
    });
  });
  // A server that does not come up is as good as none: the cache says which one it has become.
  if (await Promise.race([ready, gone.then(() => false), sleep(5000, false, { ref: false })])) {
    return { url: `redis://127.0.0.1:${port}`, from: program, stop };
  }
  await stop();
  return /in use/i.test(said) ? 'port taken' : undefined;
}
