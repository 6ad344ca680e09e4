import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

/** Bundles a program beside this file, so that plain `node` runs it from source. */
export async function bundleProgram(name: string, outfile: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@perfkeel/source'],
    // Optional peers are loaded when they are needed, from where the program is.
    external: ['pg', '@aws-sdk/client-s3'],
    logLevel: 'silent',
  });
  return outfile;
}

/** A real process whose standard output collects in `lines`. It never outlives its test. */
export interface Started {
  readonly process: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<number | null>;
}

export function start(program: string, args: readonly string[]): Started {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, lines, ended };
}
