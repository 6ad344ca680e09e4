import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

export const server = fixture('target-server.cjs');

/** A fixture that uses the package itself, as one file of plain JavaScript. */
export async function bundled(name: string, outfile: string): Promise<string> {
  const how = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent' } as const;
  await build({ ...how, entryPoints: [fixture(name)], outfile, conditions: ['@perfkeel/source'] });
  return outfile;
}

/** Ends what a test has begun, the last first, also when it fails. */
export class Cleanup {
  readonly #steps: (() => unknown)[] = [];

  add<T>(thing: T, step: (thing: T) => unknown): T {
    this.#steps.push(() => step(thing));
    return thing;
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

/** A Node program without any help of ours, once it has printed its first line. */
export async function plainProgram(args: readonly string[]): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.setEncoding('utf8');
  const [said] = (await once(child.stdout, 'data')) as [string];
  return { child, said: said.trim() };
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
