import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HttpServer, StdioServer } from '@perfkeel/mcp';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const file = path('tiny-server.mjs');

export const overPipes = (...words: readonly string[]): StdioServer => ({ command: ['node', file, ...words] });

/** A server that does what the word says, and what no server should do. */
export const hostile = (how: string): StdioServer => ({ command: ['node', path('hostile-server.mjs'), how] });

/** Serves over HTTP while `use` runs. */
export async function overHttp<T>(
  words: readonly string[],
  use: (server: HttpServer, pid: number) => Promise<T>,
): Promise<T> {
  const child = spawn(process.execPath, [file, 'http', ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (line: Buffer) => resolve(String(line).trim())),
    );
    return await use({ url }, child.pid!);
  } finally {
    child.stdin.end();
    await ended;
  }
}
