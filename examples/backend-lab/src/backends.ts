import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Several servers, each a process of its own. */
export interface Backends {
  readonly urls: readonly string[];
  close(): void;
}

async function urlOf(child: ChildProcess): Promise<string> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`a backend ended with code ${code}`))),
  ])) as [{ url: string }];
  return message.url;
}

/** Starts `program` so many times. Each tells its url through its channel, and ends when the channel closes. */
export async function startBackends(program: string, count: number, args: readonly string[]): Promise<Backends> {
  const children = Array.from({ length: count }, () =>
    fork(program, [...args], {
      env: { ...process.env, PORT: '0' },
      execArgv: [],
      // Only the balancer tells where it listens: a backend's own line would be taken for it.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  );
  return {
    urls: await Promise.all(children.map(urlOf)),
    close() {
      for (const child of children) if (child.connected) child.disconnect();
    },
  };
}
