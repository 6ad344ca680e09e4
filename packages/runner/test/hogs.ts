import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/** Spins until it is ended, and for twenty seconds at most. */
const program = 'process.stdout.write("up"); const end = Date.now() + 20_000; while (Date.now() < end);';

/** Programs that want a processor all the time, one for each unless said otherwise. */
export class Hogs {
  readonly #children: ChildProcess[] = [];

  async start(count = availableParallelism()): Promise<void> {
    const children = Array.from({ length: count }, () =>
      spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    this.#children.push(...children);
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
  }

  async end(): Promise<void> {
    const ended = this.#children.splice(0).map((child) => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      return gone;
    });
    await Promise.all(ended);
  }
}
