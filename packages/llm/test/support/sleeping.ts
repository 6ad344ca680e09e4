import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('sleeping-server.mjs', import.meta.url));

/** What the server saw of one answer, in nanoseconds. */
export interface Truth {
  readonly first: number;
  readonly rest: number;
  readonly tokens: number;
}

export interface SleepingServer {
  /** Of the API. */
  readonly url: string;
  readonly pid: number;
  /** What it saw since the last time it was asked. */
  truth(): Promise<readonly Truth[]>;
  stop(): Promise<void>;
}

export async function startSleepingServer(): Promise<SleepingServer> {
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve) =>
    child.stdout.once('data', (line: Buffer) => resolve(String(line).trim())),
  );
  return {
    url: `${url}/v1`,
    pid: child.pid!,
    truth: async () => (await (await fetch(`${url}/truth`)).json()) as Truth[],
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
